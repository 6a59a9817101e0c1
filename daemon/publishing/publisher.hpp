// Publishing: opens a path below the share folders, hashes it on the pool, several ranges at once,
// enters it into the library and announces it to the trackers. Loop thread only.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/disk/confine.hpp"
#include "daemon/io/graveyard.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/membership/trackers.hpp"
#include "daemon/store/scan.hpp"

#include <list>

namespace p2pd::publishing {

using library::Failure;

struct PublishOptions {
  std::string path;             // absolute
  std::string name;             // "": the last component of the path
  std::uint32_t chunk_size = 0; // 0: derived from the size
  store::ScanRules rules{};     // for a folder: what is left out
};

struct Published {
  const library::Item& item;
  std::string name;
  std::size_t trackers;                  // number that have acknowledged
  bool already = false;                  // it was already published, unchanged
  std::vector<store::Skipped> skipped{}; // what a content cannot contain; only the first
  std::size_t skipped_in_all = 0;
};

// Follows one publication: progress at most ten times a second, then exactly one of the others.
struct PublishFollower {
  std::function<void(std::uint64_t done, std::uint64_t size)> progress;
  std::function<void(const Published&)> done;
  std::function<void(const Failure&)> refused;
  // Called before `refused` if the cause may pass by itself.
  std::function<void(const disk::Fault&)> passing{};
};

// What publishing needs from its peer.
struct PublisherDeps {
  io::Loop& loop;
  state::StateDb& state;
  disk::BufferPool& buffers;
  library::Library& library;
  library::Openings& openings;
  membership::Trackers& trackers;
  std::shared_ptr<const disk::Folders> shared;
  library::Displaced displaced;
};

class Publisher final {
 public:
  Publisher(const PublisherDeps& deps);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  void publish(PublishOptions options, PublishFollower follower);
  void stop();

 private:
  class Publication;
  void ended(Publication& publication);

  const PublisherDeps deps_;
  std::list<std::unique_ptr<Publication>> running_;
  io::Graveyard graveyard_;
};

} // namespace p2pd::publishing
