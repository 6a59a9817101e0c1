// The memory of all manifests, encoded and decoded, whoever holds them: the library, a transfer, a
// link that sends one. A manifest may take up to some 250 MiB, so they count towards [limits]
// memory: BufferPool leaves that much to them.
//
// Thread: any. Lifetime: that of the process.
#pragma once

#include "proto/manifest.hpp"

#include <atomic>
#include <cstddef>
#include <memory>

namespace p2pd::disk {

class ManifestMemory final {
 public:
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // The share of one holder, until it is destroyed.
  class Charge final {
   public:
    explicit Charge(ManifestMemory& memory, std::size_t bytes = 0) : memory_(memory) { set(bytes); }
    ~Charge() { set(0); }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;
    void set(std::size_t bytes); // replaces its earlier size

   private:
    ManifestMemory& memory_;
    std::size_t bytes_ = 0;
  };

  // Returns the value, charged until the last copy of the returned pointer is gone.
  template <class T>
  std::shared_ptr<const T> charged(std::shared_ptr<const T> value, std::size_t bytes) {
    struct Held {
      Held(std::shared_ptr<const T> held, ManifestMemory& memory, std::size_t bytes)
          : value(std::move(held)), charge(memory, bytes) {}
      std::shared_ptr<const T> value;
      Charge charge;
    };
    const T* const kept = value.get();
    return {std::make_shared<Held>(std::move(value), *this, bytes), kept};
  }

 private:
  std::atomic<std::size_t> bytes_ = 0;
};

ManifestMemory& manifest_memory();

// Approximate memory of a decoded manifest without its encoded bytes; and the maximum of both
// together for so many encoded bytes.
std::size_t memory_of(const proto::Manifest& manifest, std::size_t encoded);
std::size_t most_memory_of(std::size_t encoded);

} // namespace p2pd::disk
