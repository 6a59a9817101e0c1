// How many bytes manifests take, encoded and decoded, whoever holds them: the library, a transfer,
// a link that sends one. They are of any size, up to some 250 MiB, so they count as part of
// [limits] memory: BufferPool leaves that much to them.
//
// Thread: any. Lifetime: of the process, whose memory it is.
#pragma once

#include "proto/manifest.hpp"

#include <atomic>
#include <cstddef>
#include <memory>

namespace p2pd::disk {

class ManifestMemory final {
 public:
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // What somebody holds of it, until it is destroyed.
  class Charge final {
   public:
    explicit Charge(ManifestMemory& memory, std::size_t bytes = 0) : memory_(memory) { set(bytes); }
    ~Charge() { set(0); }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;
    void set(std::size_t bytes); // instead of what it was

   private:
    ManifestMemory& memory_;
    std::size_t bytes_ = 0;
  };

  // The same value, charged until the last copy of what is returned is gone.
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

// What a decoded manifest takes, near enough, beside the bytes that it was decoded from; and what
// it and they may take at most, where only their count is known.
std::size_t memory_of(const proto::Manifest& manifest, std::size_t encoded);
std::size_t most_memory_of(std::size_t encoded);

} // namespace p2pd::disk
