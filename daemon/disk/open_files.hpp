// The open files of contents: one LRU cache for the whole process. Files are closed when there are
// too many, some time after their last use (so that the space of a deleted file is freed), and when
// a descriptor is needed for something else; they are reopened on demand. Users hold a shared
// descriptor, so a file may leave the cache while it is in use.
//
// Thread: any. Lifetime: that of the process.
#pragma once

#include "daemon/disk/fd.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace p2pd::disk {

using SharedFd = std::shared_ptr<const Fd>;

class OpenFiles {
 public:
  using Clock = std::chrono::steady_clock;
  struct Key {
    std::uint64_t set; // see FileSet
    std::uint32_t file;
    bool operator==(const Key&) const = default;
  };

  SharedFd find(Key key, Clock::time_point now = Clock::now()); // null: not open
  void keep(Key key, SharedFd fd, Clock::time_point now = Clock::now());
  void forget(std::uint64_t set);

  void set_most(std::size_t most); // at least 1
  // Closes those unused since then.
  void close_unused(Clock::time_point since);
  // Closes the least recently used that is not in use. False: there is none.
  bool close_one();

  std::size_t count() const;

 private:
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::uint64_t>()(key.set << 32 ^ key.file);
    }
  };
  struct Open {
    Key key;
    SharedFd fd;
    Clock::time_point used;
  };
  using List = std::list<Open>;

  void remove(List::iterator open, List& removed);

  mutable std::mutex mutex_;
  List list_; // most recently used first
  std::unordered_map<Key, List::iterator, Hash> places_;
  std::size_t most_ = 256;
};

OpenFiles& open_files();

} // namespace p2pd::disk
