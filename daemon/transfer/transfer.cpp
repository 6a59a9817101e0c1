#include "daemon/transfer/transfer.hpp"

#include "daemon/library/checked_manifest.hpp"
namespace p2pd::transfer {

Transfer::Transfer(TransferDeps& deps, TransferRow row, TransferListener& listener)
    : deps_(deps)
    , listener_(listener)
    , row_(std::move(row))
    , sources_(deps.loop, deps.trackers, deps.links, row_.request.content, row_.request.from)
    , manifest_fetch_(deps.loop, row_.request.content, sources_,
                      [this](library::Content content) { on_manifest(std::move(content)); })
    , attended_(!row_.request.unattended)
    , slot_(deps.slots, io::bind<&Transfer::on_slot>(this))
    , graveyard_(deps.loop)
    , second_(deps.loop, io::bind<&Transfer::on_second>(this))
    , retry_(deps.loop, io::bind<&Transfer::try_again>(this)) {
  row_.path = final_path(row_.request.destination, row_.request.name);
}

Transfer::~Transfer() {
  stop_.request_stop();
  if (library::Item* const item = entered()) item->fetching = false;
}

library::Item* Transfer::entered() const {
  library::Item* const item = deps_.library.find(row_.request.content);
  return item != nullptr && item->path == row_.path ? item : nullptr;
}

void Transfer::take_back() {
  const library::Item* const item = entered();
  if (item != nullptr && item->fetching) deps_.library.remove(row_.request.content);
}

Destination Transfer::destination() const {
  const TransferRequest& request = row_.request;
  // What has begun, or was whole once, is not given up for it.
  const std::uint64_t most = begun_ || request.repair ? 0 : deps_.limits.fetch_max_size;
  return {request.destination, request.name, request.only, request.force,
          request.repair,      row_.again,   saved_,       most};
}

base::log::Fields Transfer::fields() const {
  return {{"transfer", std::to_string(row_.request.id)},
          {"content", proto::to_text(row_.request.content)}};
}

void Transfer::start() {
  record(Durable::yes, [this](const disk::Outcome& recorded) {
    if (!recorded) return fail(recorded.fault());
    if (row_.state == TransferState::queued) row_.state = TransferState::running;
    listener_.on_recorded(*this);
    advance();
  });
  if (content_.manifest == nullptr) find_manifest(); // that need not wait for the disk
}

void Transfer::start_from(std::shared_ptr<const library::Content> local) {
  take_manifest(*local);
  content_.store = local->store;
  start();
}

void Transfer::repair(std::shared_ptr<const library::Content> damaged, proto::ChunkSet right) {
  take_manifest(*damaged);
  saved_ = Saved{std::move(right), {}};
  deps_.state.change(Durable::no, [id = row_.request.id, content = row_.request.content,
                                   record = record_of(row_), bits = saved_->chunks.bits(),
                                   manifest = content_.manifest_bytes](disk::StateStore& store) {
    store.put_transfer(record);
    store.put_manifest(content, *manifest);
    store.set_chunks(id, bits);
    store.remove_library(content);
  });
  start();
}

void Transfer::restore() {
  restoring_ = row_.again = true;
  attended_ = false;
  deps_.state.ask(
      [id = row_.request.id, content = row_.request.content](disk::StateStore& store) {
        return Stored{store.manifest(content), store.chunks(id), store.mark(id),
                      store.is_finishing(id)};
      },
      alive_.guard([trusted = !row_.over()](Transfer& self, disk::Result<Stored> stored) {
        self.on_stored(stored ? std::move(*stored) : Stored{}, trusted);
      }));
}

void Transfer::on_stored(Stored stored, bool trusted) {
  finishing_ = stored.finishing;
  struct Checked {
    library::Content content;
    std::optional<Saved> saved;
  };
  job_ = io::run(
      deps_.loop,
      [id = row_.request.content, stored = std::move(stored)] {
        Checked checked;
        if (!stored.manifest) return checked;
        checked.content =
            library::checked_manifest(id, std::make_shared<const proto::Bytes>(*stored.manifest));
        if (checked.content.manifest == nullptr || stored.chunks.empty()) return checked;
        try {
          checked.saved =
              Saved{proto::ChunkSet::from(stored.chunks, checked.content.manifest->chunks()),
                    stored.mark};
        } catch (const proto::Error&) {
          // Then what the .part holds is hashed.
        }
        return checked;
      },
      [this, trusted](Checked checked) {
        restoring_ = false;
        begun_ = trusted && checked.saved;
        // What became of the .part of one that failed is not known, nor, without a mark, of what is
        // repaired in its place: it is hashed.
        if (trusted && !row_.request.repair) saved_ = std::move(checked.saved);
        if (checked.content.manifest != nullptr) take_manifest(std::move(checked.content));
        advance();
      });
}

void Transfer::record(Durable durable, Done done) {
  deps_.state.change(
      durable, [record = record_of(row_)](disk::StateStore& store) { store.put_transfer(record); },
      alive_.guard([done = std::move(done)](Transfer&, const disk::Outcome& outcome) {
        if (done) done(outcome);
      }));
}

// Begins the next step, if nothing is in the way of it.
void Transfer::advance() {
  if (job_.running() || restoring_ || withdrawing_) return;
  if (cancelled_) return discard();
  // One that is paused holds on to what it has: others may fetch that, and nobody writes over it.
  if (row_.state == TransferState::paused && !waits_ && !prepared_ && saved_) return prepare();
  if (row_.state != TransferState::running) return;
  if (!second_.active()) second_.every(io::milliseconds(1000));
  if (content_.manifest == nullptr) return find_manifest();
  if (download_ != nullptr || copy_ != nullptr) return;
  if (!prepared_) return prepare();
  fetch();
}

void Transfer::fail(const disk::Fault& fault) {
  end(TransferState::failed, {proto::ExitCode::failed, fault.message, ""});
}

void Transfer::end(TransferState state, Failure failure) {
  if (std::exchange(ended_, true)) return;
  row_.state = state;
  row_.failure = std::move(failure);
  if (row_.ended == io::Time{}) row_.ended = io::Clock::now();
  second_.stop();
  stop_fetching();
  sources_.leave();
  if (state == TransferState::failed) {
    take_back();
    if (!cancelled_) {
      row_.hook = deps_.hooks.due(state);
      record(Durable::no);
    }
    base::log::warn("transfers", fields(), "{} failed: {}", row_.request.name,
                    row_.failure.message);
  } else {
    base::log::info("transfers", fields(), "{} is whole at {}", row_.request.name, row_.path);
  }
  listener_.on_over(*this);
}

} // namespace p2pd::transfer
