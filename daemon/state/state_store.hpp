// The state database itself: what can be read from it and written to it. Used only by the jobs of
// StateDb, which wraps the calls in transactions and documents what must be durable when.
//
// Thread: any, one at a time. Blocking. Errors: throws SqlError.
#pragma once

#include "daemon/disk/part_mark.hpp"
#include "daemon/state/sqlite.hpp"
#include "daemon/state/state.hpp"

#include <deque>
#include <set>

namespace p2pd::state {

// As stored by put_library().
std::vector<disk::Identity> identities_of(proto::View bytes);

class StateStore {
 public:
  explicit StateStore(const std::string& path); // creates or migrates it

  State load();

  // A manifest is stored once per content. It is removed at the end of the batch in which the last
  // library record or unfinished transfer that refers to it went.
  void put_manifest(const proto::ContentId& content, proto::View manifest);
  std::shared_ptr<const proto::Bytes> manifest(const proto::ContentId& content); // or null
  // Its size, and part of its bytes: large manifests are sent without being held in memory.
  std::optional<std::size_t> manifest_size(const proto::ContentId& content);
  bool read_manifest(const proto::ContentId& content, std::size_t offset,
                     std::span<const proto::MutableView> into);

  // Replaces the record with the same path and name; a claim takes the name from this node's other
  // contents.
  void put_library(const LibraryRecord& record, const std::vector<disk::Identity>& identities,
                   proto::View manifest);
  std::vector<disk::Identity> identities(const proto::ContentId& content, const std::string& path);
  void set_verified(const proto::ContentId& content, std::int64_t seconds); // under all its paths
  void remove_library(const proto::ContentId& content);
  void remove_library(const proto::ContentId& content, const std::string& path);
  void remove_others(const std::string& path, const proto::ContentId& content); // all but this
  std::vector<LibraryRecord> library();
  std::vector<LibraryRecord> library(const proto::ContentId& content);
  KnownFiles known_files(LibraryRecord record);
  // Takes at least one record from the front, and more until their manifests fill 16 MiB.
  std::vector<KnownFiles> known_files(std::deque<LibraryRecord>& records);

  // Stops offering it, but remembers what p2pd wrote there.
  void withhold(const proto::ContentId& content);
  void withhold(const proto::ContentId& content, const std::string& path);
  // The content that p2pd wrote there last, if it knows of nothing else that came there since, and
  // does not claim it. The files may be gone or changed.
  std::optional<proto::ContentId> wrote(const std::string& path);

  // The publisher whose claim of the name led to what p2pd wrote, or will write, there; nothing: it
  // was not fetched because of a claim.
  void set_origin(const std::string& path, const std::optional<proto::PeerId>& publisher);
  std::optional<proto::PeerId> origin(const std::string& path);

  // Call before a transfer replaces what is at its destination: records which of it p2pd wrote.
  // That record is dropped with the transfer, or becomes due for removal when the transfer is done.
  void begin_finish(std::uint64_t transfer, const std::string& place);
  bool is_finishing(std::uint64_t transfer);
  void drop_finish(std::uint64_t transfer);
  void remove_replaced(std::uint64_t transfer);
  void remove_part(std::uint64_t transfer, const std::string& place,
                   const proto::ContentId& content, const std::vector<std::string>& only);
  std::vector<RemovalRecord> removals(); // that are due
  std::vector<disk::Identity> removal_identities(std::uint64_t tag);
  void set_aside(std::uint64_t tag);
  void remove_removal(std::uint64_t tag);
  void set_kept(std::uint64_t transfer, const std::string& path);

  // The last 1,000 that are over are kept, without their chunks: what they fetched is in the
  // library, or in no known state. The chunks of all others are kept.
  void put_transfer(const TransferRecord& record);
  void set_chunks(std::uint64_t transfer, proto::View chunks, const disk::PartMark& mark = {});
  proto::Bytes chunks(std::uint64_t transfer); // the synced ones; empty: none were set
  disk::PartMark mark(std::uint64_t transfer); // of the part that contains them
  void remove_transfer(std::uint64_t id);

  void put_tracker(const TrackerRecord& record);
  // Replaces everything known about this tracker, and about others at its addresses.
  void replace_tracker(const proto::PeerId& id, const std::vector<std::string>& addresses);
  void remove_tracker(const std::string& address);
  void remove_tracker(const proto::PeerId& id); // all its addresses
  void put_peer(const PeerRecord& record);      // the 1,000 last seen are kept
  void put_name(const NameRecord& record);      // replaces its earlier holder
  void put_ban(const BanRecord& record);
  void remove_ban(const proto::PeerId& id, const proto::PeerId& by);
  void remove_bans(const proto::PeerId& id); // of all trackers
  void set_value(const std::string& key, proto::View value);
  void remove_value(const std::string& key);

  // Around what belongs together. `durable`: on the disk when commit() returns, not just ordered.
  void begin(bool durable);
  void commit();
  void roll_back() noexcept;
  // Within it, around each part that may fail alone.
  void begin_part();
  void end_part();
  void roll_back_part();

 private:
  void note_contents(Statement rows); // that may have lost their last reference
  void drop_unnamed(const proto::ContentId& content);

  Database database_;
  bool full_ = true;                   // how the database syncs now
  std::set<proto::ContentId> unnamed_; // may have lost their last reference
};

} // namespace p2pd::state
