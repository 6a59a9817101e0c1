// One fetch of one content, from the question who has it to the finished file. What it does when is
// decided by the state machine of phase.hpp; this class tells it what has happened (`apply`) and
// begins what each phase asks for (`enter`). So a transfer that was paused, or that comes out of
// the state database after a restart, goes on with the first thing that is missing.
//
// While it fetches it is a source itself: its item stands in the library with the chunks it has,
// and becomes a whole one at the end. What is made durable when is said on top of
// state/state_db.hpp. A fault that may go away (no space, no folder, no descriptor, a device that
// fails; see disk/meaning.hpp) has it wait, and it tries again by itself. Loop thread only; owned
// by Transfers.
#pragma once

#include "daemon/base/log.hpp"
#include "daemon/download/local_copy.hpp"
#include "daemon/download/sources.hpp"
#include "daemon/download/syncer.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/graveyard.hpp"
#include "daemon/library/tally.hpp"
#include "daemon/membership/acquaintances.hpp"
#include "daemon/membership/content_lookup.hpp"
#include "daemon/transfer/destination.hpp"
#include "daemon/transfer/fetch_slots.hpp"
#include "daemon/transfer/hooks.hpp"
#include "daemon/transfer/phase.hpp"
#include "daemon/transfer/remover.hpp"
#include "daemon/transfer/situation.hpp"
#include "daemon/transfer/transfer_row.hpp"

namespace p2pd::transfer {

using proto::ChunkIndex;

using Durable = state::StateDb::Durable;

class Transfer;

class TransferListener {
 public:
  virtual void on_recorded(Transfer& transfer) = 0; // from here on it survives a restart
  virtual void on_over(Transfer& transfer) = 0;     // done, failed or cancelled, once

 protected:
  ~TransferListener() = default;
};

// What transfers need of the peer that they run in.
struct TransferDeps {
  io::Loop& loop;
  state::StateDb& state;
  disk::BufferPool& buffers;
  library::Library& library;
  membership::Trackers& trackers;
  links::Links& links;
  const membership::Acquaintances& acquaintances;
  membership::ContentLookup& lookup;
  links::Limits& limits;
  library::Tally& tally;
  Hooks& hooks;
  Remover& remover;
  FetchSlots& slots;
  std::shared_ptr<const disk::Folders> destinations;
  library::Displaced displaced;
};

class Transfer final : public download::DownloadListener {
 public:
  Transfer(TransferDeps& deps, TransferRow row, TransferListener& listener);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void start(); // a new one
  void
  start_from(std::shared_ptr<const library::OpenContent> local); // out of what this machine has
  void repair(std::shared_ptr<const library::OpenContent> damaged, proto::ChunkSet right);
  void restore(); // one that the state database knows

  const TransferRow& row() const { return row_; }
  void warn(const std::string& warning) { row_.warning = warning; }
  bool cancelled() const { return progress_.intent == Intent::cancel; }
  Situation situation() const;
  bool stuck() const; // it waits for what may never come: a source, or the end of a fault
  void on_tracker() {
    if (row_.state == TransferState::running) sources_.locate();
  }
  void on_link(links::Link& link) { sources_.on_link(link); }
  void on_leecher(links::Link& link) {
    if (row_.state == TransferState::running) sources_.on_leecher(link);
  }

  using Done = std::function<void(const disk::Outcome&)>;
  void pause(Done done);
  void resume(Done done);
  void cancel();                          // removes what was fetched; over when that is done
  void flush(std::function<void()> done); // what was fetched is durable, as far as that goes

 private:
  void on_chunk(ChunkIndex chunk, const proto::PeerId& from) override;
  void on_forged(const proto::PeerId& from, ChunkIndex chunk) override;
  void on_complete() override;
  void on_write_failed(const disk::Fault& fault) override { on_fault(fault); }

  Destination destination() const;
  base::log::Fields fields() const; // of its lines in the log
  void record(Durable durable, Done done = {});
  struct Stored { // in the state database
    std::shared_ptr<const proto::Bytes> manifest;
    proto::Bytes chunks;
    disk::PartMark mark;
    bool finishing = false;
  };
  void on_stored(Stored stored, bool trusted);
  void apply(Event event);
  Holdings holdings() const;
  void show(); // in the row, how far it is
  void enter(Phase phase);
  void find_manifest();
  void on_manifest(library::OpenContent content);
  void take_manifest(library::OpenContent content);
  void prepare();
  void on_slot();
  void on_prepared(Prepared prepared);
  void offer();
  // What it has in the library; the content may be there by another one.
  library::Item* offered_item() const;
  void take_back();                                   // what has come so far is offered no longer
  std::optional<disk::Attributes> attributes() const; // of a single file, as far as they are known
  void fetch();
  void stop_fetching();
  void withdraw();
  void on_withdrawn(const disk::Outcome& synced);
  void note_replacement();
  void place();
  void on_placed(const disk::Outcome& placed);
  void complete(const store::Layout& layout, std::vector<disk::Identity> identities);
  void settle(std::shared_ptr<const store::ReadStore> whole);
  void discard();
  void forget_part(bool left);
  void on_fault(const disk::Fault& fault);
  void on_unprepared(const disk::Fault& fault);
  void on_sync_failed(const disk::Fault& fault);
  std::optional<Saved> synced() const;
  void leave_place(std::optional<Saved> saved);
  bool can_make_way() const;
  void probe();
  void on_second();
  void look_for_sources();
  bool starved() const;
  void fail(const disk::Fault& fault);
  void end(TransferState state, Failure failure = {});

  TransferDeps& deps_;
  TransferListener& listener_;
  Progress progress_;
  TransferRow row_;
  download::Sources sources_;
  download::ManifestFetch manifest_fetch_;
  library::OpenContent content_; // its store is the local copy, if there is one
  std::optional<Saved> saved_;   // synced by an earlier run, or before a fault
  std::shared_ptr<store::WriteStore> store_;
  std::uint64_t system_ = 0; // the file system that it writes to
  proto::ChunkSet wanted_;
  proto::ChunkSet have_;    // verified and written
  proto::ChunkSet offered_; // what may be offered as soon as it is there: no parts of chunks
  std::unique_ptr<download::Syncer> syncer_;
  std::unique_ptr<download::Download> download_;
  std::unique_ptr<download::LocalCopy> copy_;
  std::vector<ChunkIndex> not_needed_; // in memory, of what is put in its place
  bool was_finishing_ = false;         // an earlier run may have put it in its place
  bool begun_ = false;    // it was prepared once, so from here on it rather waits than fails
  bool attended_;         // people are there to be told, until it was begun
  unsigned faults_ = 0;   // in a row
  std::string told_;      // why it waits, in the log
  FetchSlots::Slot slot_; // while it has its files open
  std::stop_source stop_;
  io::Job job_;
  // Left while their own calls may still be running.
  io::Graveyard graveyard_;
  io::Timer second_;
  io::Timer retry_;
  unsigned seconds_ = 0;
  unsigned without_source_ = 0;     // so long
  std::uint64_t counted_bytes_ = 0; // at the last second
  // For answers of the state database, which may come when the transfer is gone.
  io::Alive<Transfer> alive_{this};
};

} // namespace p2pd::transfer
