// What a node knows across restarts, as plain records.
// Thread: any; values only. Units: bytes; seconds since the epoch.
#pragma once

#include "daemon/disk/identity.hpp"
#include "proto/ids.hpp"

#include <map>
#include <memory>
#include <optional>

namespace p2pd::state {

// One path under one name; a content may have several.
struct LibraryRecord {
  proto::ContentId content;
  std::string path;
  std::string name;
  bool claim = false; // this node is one of the publishers of the name
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  std::int64_t added = 0;
  std::int64_t verified = 0;     // when its bytes were last hashed
  bool tree = false;             // not a single file
  std::vector<std::string> only; // of a tree, the globs of what is here; none: everything
  std::uint64_t system = 0; // the file system of its identities (file_system.hpp); 0: not known
  bool written = false;     // by p2pd itself

  bool operator==(const LibraryRecord&) const = default;
};

// What it takes to tell whether the files of a record are unchanged.
struct KnownFiles {
  LibraryRecord record;
  std::vector<disk::Identity> identities;
  std::shared_ptr<const proto::Bytes> manifest; // of a tree; else null
};

// What is to be removed: what a fetch has replaced, or the part of a cancelled one.
struct RemovalRecord {
  std::uint64_t tag = 0; // see aside.hpp
  std::uint64_t transfer = 0;
  std::string place; // the destination of the fetch
  // What p2pd wrote of it; all zeros: nothing.
  proto::ContentId content;
  std::vector<std::string> only;
  bool part = false;
  bool aside = false; // already renamed (aside.hpp)

  bool operator==(const RemovalRecord&) const = default;
};

struct TransferRecord {
  std::uint64_t id = 0; // chosen by the caller, never reused
  proto::ContentId content;
  std::string name;
  std::string destination; // as requested
  std::string path;        // the resulting path, once it is known
  std::uint8_t state = 0;  // defined by the caller
  bool over = false;       // whether `state` is final
  std::uint64_t size = 0;
  std::uint64_t done_bytes = 0;
  std::string options; // defined by the caller, like the next two
  std::string error;
  std::string hook;
  std::string kept; // where files of others that were in its place are now; only set_kept() sets it
  std::int64_t started = 0;
  std::int64_t ended = 0;

  bool operator==(const TransferRecord&) const = default;
};

// One address of a tracker; those of one tracker share its id.
struct TrackerRecord {
  std::string address; // "host:port"
  std::optional<proto::PeerId> id;

  bool operator==(const TrackerRecord&) const = default;
};

struct PeerRecord {
  proto::PeerId id;
  std::string name;
  std::vector<std::string> addresses;
  std::int64_t seen = 0;

  bool operator==(const PeerRecord&) const = default;
};

struct BanRecord {
  proto::PeerId id;
  proto::PeerId by; // the tracker whose ban it is
  std::string name; // the node's name when it was banned; "": not known
  std::int64_t since = 0;

  bool operator==(const BanRecord&) const = default;
};

// Which node was the first that this one knew by a name.
struct NameRecord {
  std::string name;
  proto::PeerId id;

  bool operator==(const NameRecord&) const = default;
};

// Everything except manifests, identities and the chunks of transfers: those are queried when a
// content is first used, so that a large library does not slow down the start.
struct State {
  std::vector<LibraryRecord> library;
  std::vector<RemovalRecord> removals;
  std::vector<TransferRecord> transfers; // in the order of their ids
  std::uint64_t next_transfer = 1;       // no id from here on has been used
  std::vector<TrackerRecord> trackers;
  std::vector<PeerRecord> peers; // the last seen first
  std::vector<BanRecord> bans;
  std::vector<NameRecord> names;
  std::map<std::string, proto::Bytes> values;
};

} // namespace p2pd::state
