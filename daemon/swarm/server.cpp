#include "daemon/swarm/server.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

namespace {

constexpr std::size_t most_of_usual = 2; // requests on their way
constexpr std::size_t most_of_slow = 1;
constexpr double queued_for = 0.05; // seconds
constexpr Duration look_period = std::chrono::milliseconds(100);
// The kernel takes the first at any rate. A fast link would wait for the usual two looks with a
// queue that is too short for it: 1 GiB over loopback took 0.96 s instead of 0.84.
constexpr unsigned first_looks = 2;
constexpr Duration first_period = std::chrono::milliseconds(10);

} // namespace

Time Server::Request::earliest() const {
  return copy() == 0 ? due : std::max(due, copies->held_until(chunk));
}

void Server::set_slots(std::size_t slots) {
  slots_ = slots;
  settled_ = false;
}

Taker Server::enter(const std::string& address) {
  auto at = std::ranges::find(sides_, false, &Side::here);
  if (at == sides_.end()) at = sides_.emplace(sides_.end());
  at->here = true;
  at->address = place(address);
  ++addresses_[at->address].takers;
  return static_cast<Taker>(at - sides_.begin());
}

std::size_t Server::place(const std::string& name) {
  auto at = std::ranges::find_if(
      addresses_, [&](const Address& each) { return each.takers > 0 && each.name == name; });
  if (at == addresses_.end()) at = std::ranges::find(addresses_, std::size_t{0}, &Address::takers);
  if (at == addresses_.end()) at = addresses_.emplace(addresses_.end());
  at->name = name;
  return static_cast<std::size_t>(at - addresses_.begin());
}

void Server::leave(Taker taker, Time now) {
  Side gone = std::exchange(side(taker), {});
  --addresses_[gone.address].takers;
  settled_ = false;
  for (const Request& request : gone.waiting)
    if (request.copies != nullptr) request.copies->settle(request.chunk, taker);
  for (const Request& request : gone.sending) {
    if (request.copies == nullptr) continue;
    request.copies->end(request.chunk, false, now);
    changed(request);
  }
}

Server::Answer Server::ask(Taker taker, Request request) {
  Side& asker = side(taker);
  if (request.wanted == Copy::first && request.copy() > 0) return Answer::elsewhere;
  if (asker.waiting.size() >= most_waiting) return Answer::too_many;
  if (asker.waiting.empty() && asker.sending.empty())
    asker.clock = std::max(asker.clock, start_of_clock());
  if (request.copies != nullptr) request.copies->await(request.chunk, taker);
  asker.waiting.push_back(std::move(request));
  asker.stale = true;
  settled_ = false;
  return Answer::waits;
}

// Behind those that wait already, but not by all that it was not sent while it wanted nothing.
std::uint64_t Server::start_of_clock() const {
  std::optional<std::uint64_t> least;
  for (const Side& each : sides_)
    if (!each.waiting.empty() || !each.sending.empty())
      least = std::min(least.value_or(each.clock), each.clock);
  return least && *least > most_ahead ? *least - most_ahead - 1 : 0;
}

bool Server::cancel(Taker taker, std::uint64_t ticket) {
  Side& asker = side(taker);
  const auto found = std::ranges::find(asker.waiting, ticket, &Request::ticket);
  if (found == asker.waiting.end()) return false;
  remove_waiting(taker, static_cast<std::size_t>(found - asker.waiting.begin()));
  return true;
}

void Server::remove_waiting(Taker taker, std::size_t at) {
  Side& asker = side(taker);
  const auto request = asker.waiting.begin() + static_cast<std::ptrdiff_t>(at);
  if (request->copies != nullptr) request->copies->settle(request->chunk, taker);
  asker.waiting.erase(request);
  asker.stale = true;
  settled_ = false;
}

void Server::changed(const Request& request) {
  request.copies->each_waiting(request.chunk, [this](Taker taker) { side(taker).stale = true; });
}

// Of those that are due, the one that was sent the least; the first of equals.
void Server::choose(Side& side, Time now) {
  if (!side.stale && now < side.until) return;
  side.stale = false;
  side.best.reset();
  side.held.reset();
  side.until = Time::max();
  std::uint32_t least = 0;
  for (std::size_t i = 0; i < side.waiting.size(); ++i) {
    const Request& request = side.waiting[i];
    if (const Time earliest = request.earliest(); earliest > now) {
      const bool due = request.due <= now;
      if (due && (!side.held || earliest < side.waiting[*side.held].earliest())) side.held = i;
      side.until = std::min(side.until, due ? earliest : request.due);
    } else if (const std::uint32_t copy = request.copy(); !side.best || copy < least) {
      side.best = i;
      least = copy;
    }
  }
}

Wish Server::wish(Side& side, Time now) {
  const Pace pace = side.meter.pace();
  Wish wish{.clock = side.clock, .slot = !side.sending.empty(), .pace = pace};
  if (side.sending.size() >= (pace == Pace::usual ? most_of_usual : most_of_slow)) return wish;
  choose(side, now);
  again_ = std::min(again_, side.until);
  if (!side.best) return wish;
  wish.copies = side.waiting[*side.best].copy();
  wish.ready = true;
  return wish;
}

// Too many of its address are being sent something and have proved nothing yet.
bool Server::crowded(const Side& side) const {
  return !side.meter.proven() && addresses_[side.address].unproven >= most_unproven(slots_);
}

std::optional<Server::Turn> Server::next(Time now) {
  if (settled_ && now < again_) return std::nullopt;
  again_ = Time::max();
  wishing_.clear();
  wishes_.clear();
  for (Address& address : addresses_) address.unproven = 0;
  std::size_t usual = 0;
  std::size_t slow = 0;
  std::size_t lingering = 0;
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    Side& each = sides_[i];
    if (!each.sending.empty()) {
      const Pace pace = each.meter.pace();
      usual += pace == Pace::usual;
      slow += pace == Pace::slow;
      addresses_[each.address].unproven += !each.meter.proven();
      if (pace != Pace::usual)
        for (const Request& request : each.sending) lingering += request.length;
    }
    if (each.waiting.empty()) continue;
    wishing_.push_back(static_cast<Taker>(i));
    wishes_.push_back(wish(each, now));
  }
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    Wish& wish = wishes_[i];
    const Side& each = side(wishing_[i]);
    if ((!wish.slot && crowded(each)) || (lingering >= most_lingering_ && wish.pace != Pace::usual))
      wish.ready = false;
  }
  const auto next = next_turn(wishes_, free_slots(slots_, usual, slow));
  if (!next) {
    const auto held = usual + slow == 0 ? next_held(now) : std::nullopt;
    settled_ = !held;
    return held;
  }
  const Side& each = side(wishing_[*next]);
  const Request& request = each.waiting[*each.best];
  return Turn{wishing_[*next], request.ticket, request.length};
}

// Of the wishes that next() has gathered, and to none that is being sent something.
std::optional<Server::Turn> Server::next_held(Time now) {
  if (busy() >= slots_) return std::nullopt;
  std::optional<Turn> first;
  Time due = Time::max();
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    Side& each = side(wishing_[i]);
    if (wishes_[i].slot || wishes_[i].pace != Pace::usual || crowded(each)) continue;
    choose(each, now);
    if (!each.held) continue;
    const Request& request = each.waiting[*each.held];
    if (request.earliest() >= due) continue;
    due = request.earliest();
    first = Turn{wishing_[i], request.ticket, request.length};
  }
  return first;
}

std::optional<Time> Server::again() const {
  return again_ == Time::max() ? std::nullopt : std::optional(again_);
}

std::vector<Server::Dropped> Server::begin(const Turn& turn, std::uint64_t sent,
                                           std::uint64_t given, Time now) {
  Side& each = side(turn.taker);
  const auto found = std::ranges::find(each.waiting, turn.ticket, &Request::ticket);
  Request request = *found;
  remove_waiting(turn.taker, static_cast<std::size_t>(found - each.waiting.begin()));
  each.clock += charge(request.length, sent, given);
  std::vector<Dropped> dropped;
  if (request.copies != nullptr) {
    request.copies->begin(request.chunk, now);
    dropped = drop_others(request);
    changed(request);
  }
  each.sending.push_back(std::move(request));
  return dropped;
}

std::vector<Server::Dropped> Server::drop_others(const Request& request) {
  std::vector<Dropped> dropped;
  request.copies->each_waiting(request.chunk, [&](Taker taker) {
    for (const Request& each : side(taker).waiting)
      if (each.wanted == Copy::first && each.chunk == request.chunk &&
          each.copies == request.copies)
        dropped.push_back({taker, each.ticket});
  });
  for (const auto& [taker, ticket] : dropped) cancel(taker, ticket);
  return dropped;
}

void Server::end(Taker taker, std::uint64_t ticket, bool whole, Time now) {
  Side& each = side(taker);
  const auto found = std::ranges::find(each.sending, ticket, &Request::ticket);
  const Request request = std::move(*found);
  each.sending.erase(found);
  settled_ = false;
  if (request.copies == nullptr) return;
  request.copies->end(request.chunk, whole, now);
  changed(request);
}

void Server::put_back(Taker taker, std::uint64_t ticket, Time now) {
  Side& each = side(taker);
  Request request = *std::ranges::find(each.sending, ticket, &Request::ticket);
  end(taker, ticket, false, now);
  if (request.copies != nullptr) request.copies->await(request.chunk, taker);
  each.waiting.insert(each.waiting.begin(), std::move(request));
  each.stale = true;
}

void Server::look(Taker taker, Time now, std::uint64_t taken, bool ready) {
  side(taker).meter.look(now, taken, ready);
  bound_queue(side(taker), now, taken, ready);
  settled_ = false;
}

Duration Server::look_after() const {
  const bool unknown = std::ranges::any_of(
      sides_, [](const Side& each) { return !each.sending.empty() && each.looks < first_looks; });
  return unknown ? first_period : look_period;
}

// As long as more waits all the time, what it takes is what its link carries; else that is at least
// so much.
void Server::bound_queue(Side& side, Time now, std::uint64_t taken, bool ready) {
  const Duration time = now - side.looked;
  if (side.looks > 0 && time > Duration::zero()) {
    const double rate = static_cast<double>(taken - std::min(taken, side.taken)) / seconds(time);
    const auto queue = static_cast<std::uint32_t>(
        std::clamp(rate * queued_for, double{least_queued}, double{most_queued}));
    if (ready && side.ready)
      side.queue = queue;
    else if (time >= look_period)
      side.queue = std::max(side.queue, queue);
  }
  ++side.looks;
  side.ready = ready;
  side.looked = now;
  side.taken = taken;
}

std::size_t Server::busy() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(sides_, [](const Side& each) { return !each.sending.empty(); }));
}

std::size_t Server::waiting() const {
  std::size_t sum = 0;
  for (const Side& each : sides_) sum += each.waiting.size();
  return sum;
}

} // namespace p2pd::swarm
