// The files of contents that are open: one cache for the whole process, the least recently used at
// its end. They are closed when there are too many, some time after their last use (so that the
// space of a deleted file comes free), and where a descriptor is needed for something else; whoever
// needs one again opens it anew. Whoever uses one holds it, so that it may leave the list
// meanwhile.
//
// Thread: any. Lifetime: of the process, whose descriptors they are.
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

  SharedFd find(Key key, Clock::time_point now = Clock::now()); // null where it is not open
  void keep(Key key, SharedFd fd, Clock::time_point now = Clock::now());
  void forget(std::uint64_t set);

  void set_most(std::size_t most); // at least 1
  // Those that nobody has used since then.
  void close_unused(Clock::time_point since);
  // The least recently used of those that nobody uses now. False: there is none.
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
  List list_; // the last used first
  std::unordered_map<Key, List::iterator, Hash> places_;
  std::size_t most_ = 256;
};

OpenFiles& open_files();

} // namespace p2pd::disk
