// How a transfer stops and goes on: because people say so, or because of a fault that may pass.
#include "daemon/transfer/transfer.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <cerrno>

namespace p2pd::transfer {

namespace {

constexpr unsigned locate_every = 3;      // seconds, while it runs and lacks neighbours
constexpr unsigned locate_again = 30;     // and where it has enough
constexpr unsigned urgent = 10;           // seconds without a source, in which it asks every second
constexpr unsigned old_friends_every = 5; // seconds, while nobody else is there to be asked
constexpr double rate_weight = 0.3;
constexpr io::milliseconds retry_soon{2000};
constexpr io::milliseconds retry_device{30'000};
constexpr io::milliseconds retry_latest{60'000};
// Sources need a moment to be reached before one can say that there are none.
constexpr unsigned sources_grace = 5; // seconds

} // namespace

void Transfer::pause(Done done) {
  if (!row_.over()) {
    retry_.stop();
    row_.failure = {};
    apply(Event::pause);
    if (!is_finishing(progress_.phase) && syncer_ != nullptr) syncer_->flush({});
  }
  record(Durable::yes, std::move(done));
}

void Transfer::resume(Done done) {
  if (!row_.over() || progress_.phase == Phase::restoring) { // one that has failed begins again
    retry_.stop();
    faults_ = 0;
    apply(Event::resume);
    show();
  }
  record(Durable::yes, std::move(done));
}

void Transfer::cancel() {
  if (row_.over()) return; // it has just become whole
  retry_.stop();
  stop_.request_stop();
  if (!is_finishing(progress_.phase)) {
    stop_fetching();
    take_back(); // before another fetch copies from it
  }
  sources_.leave();
  apply(Event::cancel);
}

void Transfer::discard() {
  syncer_.reset();
  job_ = io::run(
      deps_.loop,
      [store = std::exchange(store_, nullptr), folders = deps_.destinations, to = destination(),
       manifest = content_.manifest] {
        if (store != nullptr) return store->leave();
        return manifest != nullptr && leave_part(*folders, to, manifest);
      },
      [this](bool left) { forget_part(left); });
}

// A tree is removed in the background, where it takes longer than people wait.
void Transfer::forget_part(bool left) {
  const auto over = alive_.guard([](Transfer& self) {
    self.end(TransferState::failed,
             {proto::ExitCode::failed, "it was cancelled", "fetch it again to start anew"});
  });
  deps_.state.change(
      Durable::yes,
      [request = row_.request, path = row_.path, left](state::StateStore& store) {
        store.remove_transfer(request.id);
        if (left) store.remove_part(request.id, path, request.content, request.only);
      },
      alive_.guard([left, over](Transfer& self, const disk::Outcome&) {
        if (!left) return over();
        self.deps_.remover.set_aside(self.row_.request.id, over);
      }));
}

void Transfer::flush(std::function<void()> done) {
  if (syncer_ == nullptr || is_finishing(progress_.phase)) return done();
  stop_fetching();
  syncer_->flush([done = std::move(done)](const disk::Outcome&) { done(); });
}

// Before the first byte people are there to be told what is wrong with the place that they chose;
// what is wrong with this process or machine, and all that is wrong later, is waited for.
void Transfer::on_unprepared(const disk::Fault& fault) {
  const bool of_place = fault.meaning() != disk::Meaning::exhausted;
  if (!begun_ && attended_ && of_place) return fail(fault);
  on_fault(fault);
}

void Transfer::on_fault(const disk::Fault& fault) {
  if (cancelled()) return apply(Event::fault);
  const disk::Meaning meaning = fault.meaning();
  if (!fault.passes() && meaning != disk::Meaning::gone) return fail(fault);
  const bool space = meaning == disk::Meaning::no_room;
  // The folder, or the right to it. Busy: jobs of before the fault may still hold the file.
  const bool away = meaning == disk::Meaning::gone ||
                    (meaning == disk::Meaning::barred && !fault.is(EBUSY) && !fault.is(EIO));
  stop_fetching();
  if (away)
    leave_place(row_.request.repair ? std::nullopt : synced());
  else if (syncer_ != nullptr)
    syncer_->flush({}); // so that nothing of what has come is lost
  apply(Event::fault);
  if (progress_.intent == Intent::hold) return; // it shows when people let it go on
  row_.failure = {proto::ExitCode::failed, fault.message,
                  space ? "free some space; it goes on by itself" : "it is tried again by itself"};
  if (std::exchange(told_, fault.message) != fault.message)
    base::log::warn("transfers", fields(), "{} waits: {}", row_.request.name, fault.message);
  // A folder that may be there again costs nothing to look at.
  const io::milliseconds first = fault.is(EIO) ? retry_device : retry_soon;
  retry_.once(away ? retry_soon : std::min(first * (1U << std::min(faults_++, 8U)), retry_latest));
}

std::optional<Saved> Transfer::synced() const {
  return syncer_ == nullptr ? saved_ : Saved{syncer_->synced(), syncer_->mark()};
}

// When it tries again there may be another folder, or the same one again: preparing compares.
void Transfer::leave_place(std::optional<Saved> saved) {
  saved_ = std::move(saved);
  store_.reset();
  slot_.give_back();
  syncer_.reset();
  take_back();
}

// The kernel may have thrown away what it could not write, so only what was synced before counts:
// the chunks since then are fetched again.
void Transfer::on_sync_failed(const disk::Fault& fault) {
  stop_fetching();
  leave_place(synced());
  // Somebody else's bytes in a part are hashed when it is taken up again.
  const bool changed = fault.is(ESTALE) && !row_.request.repair;
  on_fault(changed ? disk::fault(EBUSY, fault.message) : fault);
}

void Transfer::probe() {
  job_ = io::run(
      deps_.loop, [store = store_] { return store->check_free_space(); },
      [this](const disk::Outcome& space) {
        if (space && progress_.intent == Intent::wait)
          base::log::info("transfers", fields(), "{} goes on", row_.request.name);
        apply(space ? Event::passed : Event::persists);
        if (progress_ == Progress{Phase::resting, Intent::wait}) retry_.once(retry_soon);
      });
}

void Transfer::on_second() {
  const auto fresh =
      static_cast<double>(row_.done_bytes - std::exchange(counted_bytes_, row_.done_bytes));
  row_.rate = row_.rate == 0 ? fresh : row_.rate + rate_weight * (fresh - row_.rate);
  row_.sources = sources_.count();
  if (row_.stage == Stage::locate && row_.sources > 0) row_.stage = Stage::manifest;
  if (progress_.intent == Intent::run && !is_finishing(progress_.phase)) look_for_sources();
}

void Transfer::look_for_sources() {
  sources_.watch();
  without_source_ = row_.sources == 0 ? without_source_ + 1 : 0;
  if (can_make_way()) {
    stop_fetching();
    leave_place(synced());
    without_source_ = 0;
    return apply(Event::displaced); // as the last of those that wait
  }
  const bool lost = without_source_ > 0 && without_source_ <= urgent;
  const unsigned pause = sources_.hungry() ? locate_every : locate_again;
  if (++seconds_ % pause == 0 || lost) sources_.locate();
  if (seconds_ % old_friends_every == 0 && deps_.trackers.connected() == 0 && sources_.count() == 0)
    sources_.meet({deps_.acquaintances.peers().begin(), deps_.acquaintances.peers().end()});
  if (row_.request.no_wait && stuck())
    end(TransferState::failed, {proto::ExitCode::failed, "no source has what is missing",
                                "fetch it without --no-wait to wait for one"});
}

// To those for whose files there are no descriptors, as long as nobody has what it lacks.
bool Transfer::can_make_way() const {
  return slot_.is_wanted() && without_source_ >= sources_grace && download_ != nullptr &&
         !row_.request.repair;
}

bool Transfer::stuck() const {
  if (progress_.intent != Intent::run) return progress_.intent == Intent::wait;
  return seconds_ >= sources_grace && starved();
}

bool Transfer::starved() const {
  if (progress_.phase == Phase::seeking) return sources_.count() == 0;
  return download_ != nullptr && download_->starved();
}

} // namespace p2pd::transfer
