#include "daemon/transfer/transfer.hpp"

#include "daemon/library/checked_manifest.hpp"
namespace p2pd::transfer {

Transfer::Transfer(TransferDeps& deps, TransferRow row, TransferListener& listener)
    : deps_(deps)
    , listener_(listener)
    , row_(std::move(row))
    , sources_(deps.loop, deps.trackers, deps.links, row_.request.content, row_.request.from)
    , manifest_fetch_(deps.loop, row_.request.content, sources_,
                      [this](library::OpenContent content) { on_manifest(std::move(content)); })
    , attended_(!row_.request.unattended)
    , slot_(deps.slots, io::bind<&Transfer::on_slot>(this))
    , graveyard_(deps.loop)
    , second_(deps.loop, io::bind<&Transfer::on_second>(this))
    , retry_(deps.loop, io::bind<&Transfer::apply, Event::retry>(this)) {
  row_.path = final_path(row_.request.destination, row_.request.name);
}

Transfer::~Transfer() {
  stop_.request_stop();
  if (library::Item* const item = offered_item()) item->fetching = false;
}

library::Item* Transfer::offered_item() const {
  library::Item* const item = deps_.library.find(row_.request.content);
  return item != nullptr && item->path == row_.path ? item : nullptr;
}

void Transfer::take_back() {
  const library::Item* const item = offered_item();
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
    apply(Event::recorded);
    listener_.on_recorded(*this);
  });
  if (content_.manifest == nullptr) find_manifest(); // that need not wait for the disk
}

void Transfer::start_from(std::shared_ptr<const library::OpenContent> local) {
  take_manifest(*local);
  content_.store = local->store;
  start();
}

void Transfer::repair(std::shared_ptr<const library::OpenContent> damaged, proto::ChunkSet right) {
  take_manifest(*damaged);
  saved_ = Saved{std::move(right), {}};
  deps_.state.change(Durable::no, [id = row_.request.id, content = row_.request.content,
                                   record = record_of(row_), bits = saved_->chunks.bits(),
                                   manifest = content_.manifest_bytes](state::StateStore& store) {
    store.put_transfer(record);
    store.put_manifest(content, *manifest);
    store.set_chunks(id, bits);
    store.remove_library(content);
  });
  start();
}

void Transfer::restore() {
  progress_ = {Phase::restoring, row_.state == TransferState::paused ? Intent::hold : Intent::run};
  row_.again = true;
  attended_ = false;
  deps_.state.ask(
      [id = row_.request.id, content = row_.request.content](state::StateStore& store) {
        return Stored{store.manifest(content), store.chunks(id), store.mark(id),
                      store.is_finishing(id)};
      },
      alive_.guard([trusted = !row_.over()](Transfer& self, disk::Result<Stored> stored) {
        self.on_stored(stored ? std::move(*stored) : Stored{}, trusted);
      }));
}

void Transfer::on_stored(Stored stored, bool trusted) {
  was_finishing_ = stored.finishing;
  struct Checked {
    library::OpenContent content;
    std::optional<Saved> saved;
  };
  job_ = io::run(
      deps_.loop,
      [id = row_.request.content, stored = std::move(stored)] {
        Checked checked;
        if (!stored.manifest) return checked;
        checked.content = library::checked_manifest(id, stored.manifest);
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
        begun_ = trusted && checked.saved;
        // What became of the .part of one that failed is not known, nor, without a mark, of what is
        // repaired in its place: it is hashed.
        if (trusted && !row_.request.repair) saved_ = std::move(checked.saved);
        if (checked.content.manifest != nullptr) take_manifest(std::move(checked.content));
        apply(Event::restored);
      });
}

void Transfer::record(Durable durable, Done done) {
  deps_.state.change(
      durable, [record = record_of(row_)](state::StateStore& store) { store.put_transfer(record); },
      alive_.guard([done = std::move(done)](Transfer&, const disk::Outcome& outcome) {
        if (done) done(outcome);
      }));
}

void Transfer::apply(Event event) {
  const Progress before = std::exchange(progress_, next(progress_, event, holdings()));
  if (progress_ == before) return;
  show();
  if (!may_fetch(progress_)) stop_fetching();
  if (progress_.phase != before.phase) enter(progress_.phase);
}

Holdings Transfer::holdings() const {
  return {content_.manifest != nullptr, store_ != nullptr, saved_.has_value()};
}

void Transfer::show() {
  switch (progress_.phase) {
  case Phase::queueing:
  case Phase::preparing:
    row_.stage = Stage::prepare;
    break;
  case Phase::fetching:
    row_.stage = Stage::fetch;
    break;
  case Phase::withdrawing:
  case Phase::placing:
    row_.stage = Stage::finish;
    break;
  default:
    break;
  }
  if (progress_.phase == Phase::settling || progress_.phase == Phase::over) return; // see complete
  switch (progress_.intent) {
  case Intent::hold:
  case Intent::wait:
    row_.state = TransferState::paused;
    break;
  case Intent::run:
    row_.failure = {};
    row_.ended = {};
    if (progress_.phase == Phase::recording) break;
    row_.state = TransferState::running;
    if (!second_.active()) second_.every(io::milliseconds(1000));
    break;
  case Intent::cancel:
    break; // as it was
  }
}

void Transfer::enter(Phase phase) {
  switch (phase) {
  case Phase::seeking:
    return find_manifest();
  case Phase::queueing:
    if (slot_.take()) apply(Event::slot); // else see on_slot
    return;
  case Phase::preparing:
    return prepare();
  case Phase::fetching:
    return fetch();
  case Phase::probing:
    return probe();
  case Phase::withdrawing:
    return withdraw();
  case Phase::placing:
    return place();
  case Phase::discarding:
    return discard();
  case Phase::recording:
  case Phase::restoring:
  case Phase::resting:
  case Phase::settling: // complete() has what it needs
  case Phase::over:
    return;
  }
}

void Transfer::fail(const disk::Fault& fault) {
  end(TransferState::failed, {proto::ExitCode::failed, fault.message, ""});
}

void Transfer::end(TransferState state, Failure failure) {
  if (progress_.phase == Phase::over) return;
  apply(Event::ended);
  row_.state = state;
  row_.failure = std::move(failure);
  if (row_.ended == io::Time{}) row_.ended = io::Clock::now();
  second_.stop();
  stop_fetching();
  sources_.leave();
  if (state == TransferState::failed) {
    take_back();
    if (!cancelled()) {
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
