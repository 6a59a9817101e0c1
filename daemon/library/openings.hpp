// Opens contents of the library on demand, and caches the recently used ones: manifests up to a
// number of bytes, and files for a while (disk/open_files.hpp). So unused contents cost neither
// descriptors nor memory for their manifests.
//
// Large manifests are read one at a time, each after others were evicted for it, so requests for
// many contents at once cost the memory of one. To send a manifest, it is read in parts and not
// kept.
//
// Thread: loop. Units: bytes.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/library.hpp"
#include "daemon/state/state_db.hpp"
#include "daemon/store/read_store.hpp"

#include <deque>
#include <list>

namespace p2pd::library {

// The folders of a peer: where it may publish from, and fetch into.
struct PeerFolders {
  std::shared_ptr<const disk::Folders> shared;
  std::shared_ptr<const disk::Folders> destinations;

  // For reading contents of the library, which may be in any of them.
  disk::Result<disk::Folders::Opened> open(const std::string& path) const;
  store::FileSet::Reopen reopen(const std::string& path) const;
};

// Any thread; blocking. ESTALE if its files have changed; `strict`: compares their inodes and file
// system, too, which a remount may have changed. With `reopen` its files may be closed between
// uses.
disk::Result<OpenContent> open_content(const PeerFolders& folders,
                                       const state::LibraryRecord& record,
                                       const std::vector<disk::Identity>& identities,
                                       std::shared_ptr<const proto::Bytes> manifest,
                                       bool strict = false,
                                       const store::FileSet::Reopen& reopen = {});

class Openings final {
 public:
  using Opened = disk::Result<std::shared_ptr<const OpenContent>>;
  using Done = std::function<void(const Opened&)>;

  static constexpr std::size_t large_manifest = 1 << 20; // encoded bytes, and above

  // `most_bytes`: of cached manifests. The latest one stays, however large it is.
  Openings(io::Loop& loop, state::StateDb& state, Library& library, PeerFolders folders,
           std::size_t most_bytes);
  Openings(const Openings&) = delete;
  Openings& operator=(const Openings&) = delete;

  // Calls at once if it is already open.
  void open(Item& item, Done done);
  void used(const Item& item); // it was opened by others, or used again
  void stop();

  // The size of its encoded manifest; nothing if none is stored.
  void manifest_size(const ContentId& content,
                     std::function<void(disk::Result<std::optional<std::size_t>>)> done);
  // Reads part of it from `offset` on into memory that `owner` keeps alive.
  void read_manifest(const ContentId& content, std::size_t offset,
                     std::vector<proto::MutableView> into, std::shared_ptr<const void> owner,
                     std::function<void(const disk::Outcome&)> done);

 private:
  struct Opening {
    std::vector<Done> waiting;
    state::LibraryRecord record;
    io::Job job;
  };
  struct Stored {
    std::vector<disk::Identity> identities;
    std::optional<std::size_t> size;              // of the manifest
    std::shared_ptr<const proto::Bytes> manifest; // null: large, read later
  };
  struct Kept {
    ContentId content;
    std::size_t bytes;
  };

  static Stored stored(state::StateStore& store, const state::LibraryRecord& record,
                       std::size_t most);
  void on_stored(const ContentId& id, disk::Result<Stored> stored);
  void read_next_large();
  void finish(const ContentId& id, const disk::Result<OpenContent>& content);
  void make_room(std::size_t bytes, std::size_t spared);
  void close_unused();

  io::Loop& loop_;
  state::StateDb& state_;
  Library& library_;
  const PeerFolders folders_;
  const std::size_t most_bytes_;
  std::map<ContentId, Opening> openings_;
  std::deque<std::pair<ContentId, std::size_t>>
      large_;                        // large ones that are queued, with their sizes
  std::optional<ContentId> reading_; // the large one that is being read
  std::list<Kept> used_;             // open ones, most recently used first
  std::size_t kept_ = 0;             // their bytes
  std::unordered_map<ContentId, std::list<Kept>::iterator> places_;
  io::Timer look_;
  io::Job closing_;
  io::Alive<Openings> alive_{this};
};

} // namespace p2pd::library
