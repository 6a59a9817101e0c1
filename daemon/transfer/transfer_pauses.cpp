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
  retry_.stop();
  waits_ = false;
  row_.state = TransferState::paused;
  row_.failure = {};
  if (row_.stage != Stage::finish) {
    stop_fetching();
    if (syncer_ != nullptr) syncer_->flush({});
  }
  record(Durable::yes, std::move(done));
}

void Transfer::resume(Done done) {
  retry_.stop();
  faults_ = 0;
  go_on();
  record(Durable::yes, std::move(done));
}

void Transfer::cancel() {
  if (row_.over()) return; // it has just become whole
  cancelled_ = true;
  retry_.stop();
  stop_.request_stop();
  if (row_.stage != Stage::finish) {
    stop_fetching();
    take_back(); // before another fetch copies from it
  }
  sources_.leave();
  advance();
}

void Transfer::discard() {
  stop_fetching();
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
      [request = row_.request, path = row_.path, left](disk::StateStore& store) {
        store.remove_transfer(request.id);
        if (left) store.remove_part(request.id, path, request.content, request.only);
      },
      alive_.guard([left, over](Transfer& self, const disk::Outcome&) {
        if (!left) return over();
        self.deps_.remover.set_aside(self.row_.request.id, over);
      }));
}

void Transfer::flush(std::function<void()> done) {
  if (syncer_ == nullptr || row_.stage == Stage::finish) return done();
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
  const disk::Meaning meaning = fault.meaning();
  if (!fault.passes() && meaning != disk::Meaning::gone) return fail(fault);
  const bool space = meaning == disk::Meaning::no_room;
  // The folder, or the right to it. Busy: jobs of before the fault may still hold the file.
  const bool away = meaning == disk::Meaning::gone ||
                    (meaning == disk::Meaning::barred && !fault.is(EBUSY) && !fault.is(EIO));
  stop_fetching();
  if (away)
    leave_place();
  else if (syncer_ != nullptr)
    syncer_->flush({}); // so that nothing of what has come is lost
  waits_ = true;
  row_.state = TransferState::paused;
  row_.failure = {proto::ExitCode::failed, fault.message,
                  space ? "free some space; it goes on by itself" : "it is tried again by itself"};
  if (std::exchange(told_, fault.message) != fault.message)
    base::log::warn("transfers", fields(), "{} waits: {}", row_.request.name, fault.message);
  // A folder that may be there again costs nothing to look at.
  const io::milliseconds first = fault.is(EIO) ? retry_device : retry_soon;
  retry_.once(away ? retry_soon : std::min(first * (1U << std::min(faults_++, 8U)), retry_latest));
}

// When it tries again there may be another folder, or the same one again: preparing compares.
void Transfer::leave_place() {
  if (row_.request.repair)
    saved_.reset();
  else if (syncer_ != nullptr)
    saved_ = Saved{syncer_->synced(), syncer_->mark()};
  prepared_ = false;
  store_.reset();
  slot_.give_back();
  syncer_.reset();
  take_back();
}

// The kernel may have thrown away what it could not write, so only what was synced before counts:
// the chunks since then are fetched again.
void Transfer::on_sync_failed(const disk::Fault& fault) {
  stop_fetching();
  saved_ = Saved{syncer_->synced(), syncer_->mark()};
  prepared_ = false;
  store_.reset();
  slot_.give_back();
  syncer_.reset();
  take_back();
  // Somebody else's bytes in a part are hashed when it is taken up again.
  const bool changed = fault.is(ESTALE) && !row_.request.repair;
  on_fault(changed ? disk::fault(EBUSY, fault.message) : fault);
}

void Transfer::try_again() {
  if (job_.running() || withdrawing_) return retry_.once(retry_soon);
  if (store_ == nullptr) return go_on(); // preparing looks for itself
  job_ = io::run(
      deps_.loop, [store = store_] { return store->check_room(); },
      [this](const disk::Outcome& room) {
        if (!waits_ || cancelled_) return advance(); // people were faster
        if (!room) return retry_.once(retry_soon);
        base::log::info("transfers", fields(), "{} goes on", row_.request.name);
        go_on();
      });
}

void Transfer::go_on() {
  row_.ended = {};
  waits_ = false;
  row_.state = TransferState::running;
  row_.failure = {};
  advance();
}

void Transfer::on_second() {
  const auto fresh =
      static_cast<double>(row_.done_bytes - std::exchange(counted_bytes_, row_.done_bytes));
  row_.rate = row_.rate == 0 ? fresh : row_.rate + rate_weight * (fresh - row_.rate);
  row_.sources = sources_.count();
  if (row_.stage == Stage::locate && row_.sources > 0) row_.stage = Stage::manifest;
  if (row_.state != TransferState::running || row_.stage == Stage::finish) return;
  sources_.watch();
  without_source_ = row_.sources == 0 ? without_source_ + 1 : 0;
  if (can_make_way()) {
    stop_fetching();
    leave_place();
    without_source_ = 0;
    return advance(); // as the last of those that wait
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
         !job_.running() && !row_.request.repair;
}

bool Transfer::stuck() const {
  if (row_.state != TransferState::running) return waits_;
  return seconds_ >= sources_grace && starved();
}

bool Transfer::starved() const {
  if (job_.running() || slot_.waits() || copy_ != nullptr) return false;
  return download_ == nullptr ? sources_.count() == 0 : download_->starved();
}

} // namespace p2pd::transfer
