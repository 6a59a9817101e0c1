// What a node knows across restarts, as plain records.
// Thread: any; values only. Units: bytes; seconds since the epoch.
#pragma once

#include "daemon/disk/identity.hpp"
#include "proto/ids.hpp"

#include <map>
#include <memory>
#include <optional>

namespace p2pd::state {

// One path under one name; a content may be here under several.
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
  bool written = false;     // p2pd itself has put it there

  bool operator==(const LibraryRecord&) const = default;
};

// What tells whether the files of a record are what they were.
struct KnownFiles {
  LibraryRecord record;
  std::vector<disk::Identity> identities;
  std::shared_ptr<const proto::Bytes> manifest; // of a tree; else null
};

// What a fetch has replaced, or has left as a part when it was cancelled, and is to be removed.
struct RemovalRecord {
  std::uint64_t tag = 0; // see aside.hpp
  std::uint64_t transfer = 0;
  std::string place; // where the fetch put what it fetched, or would have
  // What p2pd wrote of it; all zeros where that was nothing.
  proto::ContentId content;
  std::vector<std::string> only;
  bool part = false;
  bool aside = false; // it has its name for that already

  bool operator==(const RemovalRecord&) const = default;
};

struct TransferRecord {
  std::uint64_t id = 0; // chosen by the caller, never one that was used before
  proto::ContentId content;
  std::string name;
  std::string destination; // as it was asked for
  std::string path;        // what came of it, once that is known
  std::uint8_t state = 0;  // the caller's own
  bool over = false;       // whether that is a final one
  std::uint64_t size = 0;
  std::uint64_t done_bytes = 0;
  std::string options; // the caller's own
  std::string error;   // the caller's own
  std::string hook;    // the caller's own
  std::string kept;    // where what others had in the place of it lies; set by set_kept() alone
  std::int64_t started = 0;
  std::int64_t ended = 0;

  bool operator==(const TransferRecord&) const = default;
};

// One address; a tracker may have several, told together by its id.
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
  std::string name; // the node's when it was banned; "" where it was not known
  std::int64_t since = 0;

  bool operator==(const BanRecord&) const = default;
};

// Which node was the first to be known here by a name.
struct NameRecord {
  std::string name;
  proto::PeerId id;

  bool operator==(const NameRecord&) const = default;
};

// All of it, but for manifests, identities and the chunks of transfers: those are asked for when a
// content is used first, so that a start takes no longer for a large library.
struct State {
  std::vector<LibraryRecord> library;
  std::vector<RemovalRecord> removals;
  std::vector<TransferRecord> transfers; // in the order of their ids
  std::uint64_t next_transfer = 1;       // no id from here on was used
  std::vector<TrackerRecord> trackers;
  std::vector<PeerRecord> peers; // the last seen first
  std::vector<BanRecord> bans;
  std::vector<NameRecord> names;
  std::map<std::string, proto::Bytes> values;
};

} // namespace p2pd::state
