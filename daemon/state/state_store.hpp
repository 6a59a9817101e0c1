// The state database itself: what can be read from and written into it. Used by the jobs of StateDb
// alone, which puts transactions around the calls and says what must be durable when.
//
// Thread: one at a time, any. Blocking. Errors: throws SqlError.
#pragma once

#include "daemon/disk/part_mark.hpp"
#include "daemon/state/sqlite.hpp"
#include "daemon/state/state.hpp"

#include <deque>
#include <set>

namespace p2pd::state {

// As put_library() has stored them.
std::vector<disk::Identity> identities_of(proto::View bytes);

class StateStore {
 public:
  explicit StateStore(const std::string& path); // makes or migrates it

  State load();

  // A manifest is stored once for each content, and removed when neither the library nor a transfer
  // that is not over names it any more: at the end of the batch.
  void put_manifest(const proto::ContentId& content, proto::View manifest);
  std::shared_ptr<const proto::Bytes> manifest(const proto::ContentId& content); // or null
  // How many bytes it has, and some of them: large ones are sent without being held in memory.
  std::optional<std::size_t> manifest_size(const proto::ContentId& content);
  bool read_manifest(const proto::ContentId& content, std::size_t offset,
                     std::span<const proto::MutableView> into);

  // Replaces what was under the same path and name; a claim takes the name from this node's other
  // contents.
  void put_library(const LibraryRecord& record, const std::vector<disk::Identity>& identities,
                   proto::View manifest);
  std::vector<disk::Identity> identities(const proto::ContentId& content, const std::string& path);
  void set_verified(const proto::ContentId& content, std::int64_t seconds); // wherever it is
  void remove_library(const proto::ContentId& content);
  void remove_library(const proto::ContentId& content, const std::string& path);
  void remove_others(const std::string& path, const proto::ContentId& content); // all but this
  std::vector<LibraryRecord> library();
  std::vector<LibraryRecord> library(const proto::ContentId& content);
  KnownFiles known_files(LibraryRecord record);
  // Takes records from the front until their manifests fill 16 MiB, and at least one of them.
  std::vector<KnownFiles> known_files(std::deque<LibraryRecord>& records);

  // It is not offered any more; what p2pd wrote there stays known.
  void withhold(const proto::ContentId& content);
  void withhold(const proto::ContentId& content, const std::string& path);
  // What p2pd has put there last, if nothing else has come there since that it knows of, and no
  // claim is made for it. It may be gone, or changed.
  std::optional<proto::ContentId> wrote(const std::string& path);

  // Whose claim of the name brought what p2pd has put there, or will; nothing where nobody's did.
  void set_origin(const std::string& path, const std::optional<proto::PeerId>& publisher);
  std::optional<proto::PeerId> origin(const std::string& path);

  // Before a transfer puts what it fetched into the place of what is there: notes what p2pd wrote
  // of that. It is dropped with the transfer, or becomes due for removal when that is done.
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

  // Of those that are over the last 1,000 are kept, without their chunks: what they fetched is in
  // the library, or in no known state. Those of the others stay as they are.
  void put_transfer(const TransferRecord& record);
  void set_chunks(std::uint64_t transfer, proto::View chunks, const disk::PartMark& mark = {});
  proto::Bytes chunks(std::uint64_t transfer); // what was synced; empty where nothing was set
  disk::PartMark mark(std::uint64_t transfer); // of the part that these are in
  void remove_transfer(std::uint64_t id);

  void put_tracker(const TrackerRecord& record);
  // Takes the place of all that was known of this tracker, and of others at its addresses.
  void replace_tracker(const proto::PeerId& id, const std::vector<std::string>& addresses);
  void remove_tracker(const std::string& address);
  void remove_tracker(const proto::PeerId& id); // all of its addresses
  void put_peer(const PeerRecord& record);      // the 1,000 last seen are kept
  void put_name(const NameRecord& record);      // in place of who had it
  void put_ban(const BanRecord& record);
  void remove_ban(const proto::PeerId& id, const proto::PeerId& by);
  void remove_bans(const proto::PeerId& id); // whoever made them
  void set_value(const std::string& key, proto::View value);
  void remove_value(const std::string& key);

  // Around what belongs together. `durable`: on the disk when it returns, not only in its order.
  void begin(bool durable);
  void commit();
  void roll_back() noexcept;
  // Within it, around each part that may fail by itself.
  void begin_part();
  void end_part();
  void roll_back_part();

 private:
  void note_contents(Statement rows); // of which something may have been the last to name them
  void drop_unnamed(const proto::ContentId& content);

  Database database_;
  bool full_ = true;                   // how the database syncs now
  std::set<proto::ContentId> unnamed_; // may have lost the last that named them
};

} // namespace p2pd::state
