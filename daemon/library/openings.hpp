// Opens what the library has when somebody asks for it, and keeps what was used last: its manifest,
// and its files for a while (disk/open_files.hpp). A start and a large library cost neither
// descriptors nor memory for manifests that nobody wants. Loop thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/library.hpp"
#include "daemon/state/state_db.hpp"
#include "daemon/store/read_store.hpp"

#include <list>

namespace p2pd::library {

// The folders of a peer: what it may publish from, and fetch into.
struct PeerFolders {
  std::shared_ptr<const disk::Folders> shared;
  std::shared_ptr<const disk::Folders> destinations;

  // For reading what the library has, which may lie below either.
  disk::Result<disk::Folders::Opened> open(const std::string& path) const;
  store::FileSet::Reopen reopen(const std::string& path) const;
};

// Any thread; blocking. ESTALE where its files are not what they were; `strict`: by their inodes
// and file system too, where these may have changed with a remount. With `reopen` its files may be
// closed between two uses.
disk::Result<Content> open_content(const PeerFolders& folders, const state::LibraryRecord& record,
                                   const std::vector<disk::Identity>& identities,
                                   const proto::Bytes& manifest, bool strict = false,
                                   const store::FileSet::Reopen& reopen = {});

class Openings final {
 public:
  using Opened = disk::Result<std::shared_ptr<const Content>>;
  using Done = std::function<void(const Opened&)>;

  Openings(io::Loop& loop, state::StateDb& state, Library& library, PeerFolders folders);
  Openings(const Openings&) = delete;
  Openings& operator=(const Openings&) = delete;

  // At once where it is open already.
  void open(Item& item, Done done);
  void used(const Item& item); // it was opened by others, or read again
  void stop();

 private:
  struct Opening {
    std::vector<Done> waiting;
    io::Job job;
  };

  void on_stored(const ContentId& id, const state::LibraryRecord& record,
                 std::vector<disk::Identity> identities, std::optional<proto::Bytes> manifest);
  void finish(const ContentId& id, const disk::Result<Content>& content);
  void close_oldest();
  void close_unused();

  io::Loop& loop_;
  state::StateDb& state_;
  Library& library_;
  const PeerFolders folders_;
  std::map<ContentId, Opening> openings_;
  std::list<ContentId> used_; // open ones, the last used first
  std::unordered_map<ContentId, std::list<ContentId>::iterator> places_;
  io::Timer look_;
  io::Job closing_;
  io::Alive<Openings> alive_{this};
};

} // namespace p2pd::library
