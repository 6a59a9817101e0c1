// Which files of a tree are still to be made. Each is made by whoever uses it first, so that a tree
// of many small files costs one opening a file, on all threads that write, and not one more on one
// thread before the first byte.
// Thread: any.
#pragma once

#include "daemon/disk/outcome.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <sys/types.h>

namespace p2pd::store {

class Unmade {
 public:
  // `group`: of what is made, if it is to have another than it gets.
  Unmade(std::uint32_t files, std::optional<gid_t> group)
      : made_(std::make_unique<std::atomic<bool>[]>(files)), group_(group) {}

  std::optional<gid_t> group() const { return group_; }
  bool has(std::uint32_t file) const { return !made_[file].load(std::memory_order_acquire); }
  void found(std::uint32_t file) { made_[file].store(true, std::memory_order_release); }

  // Calls make() unless the file is made; who comes second waits for the first.
  template <class Make>
  disk::Outcome once(std::uint32_t file, Make&& make) {
    if (!has(file)) return {};
    const std::lock_guard lock(making_[file % making_.size()]);
    if (!has(file)) return {};
    if (closed_) return disk::fault(ECANCELED, "stopped");
    if (disk::Outcome made = make(); !made) return made;
    found(file);
    return {};
  }

  // When it returns, no file is being made, and none will be: what is there can be removed.
  void close() {
    closed_ = true;
    for (std::mutex& making : making_) const std::lock_guard lock(making);
  }

 private:
  const std::unique_ptr<std::atomic<bool>[]> made_;
  const std::optional<gid_t> group_;
  std::atomic<bool> closed_ = false;
  std::array<std::mutex, 16> making_; // of the files with the same rest
};

} // namespace p2pd::store
