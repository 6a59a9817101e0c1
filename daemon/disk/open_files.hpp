// The few files of a tree that were used last, kept open. Whoever uses one holds it, so that it may
// leave the list meanwhile.
// Thread: any. A list searched from its front: it is short, and what is wanted is mostly first.
#pragma once

#include "daemon/disk/fd.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace p2pd::disk {

using SharedFd = std::shared_ptr<const Fd>;

class OpenFiles {
 public:
  static constexpr std::size_t most = 16;

  SharedFd find(std::uint32_t file) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(open_.begin(), open_.end(),
                                    [&](const Open& open) { return open.file == file; });
    if (found == open_.end()) return nullptr;
    std::rotate(open_.begin(), found, found + 1);
    return open_.front().fd;
  }

  void keep(std::uint32_t file, SharedFd fd) {
    SharedFd last; // closed when the lock is released
    const std::lock_guard lock(mutex_);
    if (open_.size() == most) {
      last = std::move(open_.back().fd);
      open_.pop_back();
    }
    open_.insert(open_.begin(), {file, std::move(fd)});
  }

  void close_all() {
    std::vector<Open> all;
    const std::lock_guard lock(mutex_);
    all.swap(open_);
  }

 private:
  struct Open {
    std::uint32_t file;
    SharedFd fd;
  };
  std::mutex mutex_;
  std::vector<Open> open_; // the last used first
};

} // namespace p2pd::disk
