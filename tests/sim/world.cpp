#include "tests/sim/world.hpp"

#include "daemon/swarm/sample.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::sim {

namespace {

constexpr int handshake_round_trips = 3; // TCP, Noise, hello
constexpr Duration handshake_work = std::chrono::microseconds(300);
constexpr Duration silence_of_gone = std::chrono::seconds(3); // who dials it waits so long
constexpr std::size_t most_sources = 50;                      // as tracker.cpp
constexpr std::size_t most_looked_at = 1000;                  // as catalog_sample.cpp
constexpr Duration tracker_work = std::chrono::microseconds(200);
constexpr Duration glimpse_every = std::chrono::milliseconds(50);

Duration moment(const Moments& moments, std::uint32_t number, std::uint32_t of) {
  return of < 2 ? moments.first
                : moments.first + (moments.last - moments.first) / (of - 1) * number;
}

} // namespace

World::World(const Scenario& scenario)
    : scenario_(scenario)
    , network_(events_, scenario.wire, *this)
    , random_(scenario.seed)
    , chance_(static_cast<std::minstd_rand::result_type>(random_()))
    , start_(events_.now())
    , copies_(scenario.chunks())
    , glimpsed_(start_) {
  for (const auto& [name, rates] : scenario.sites) network_.add_site(rates);
  for (const Group& group : scenario.groups)
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const HostId id = network_.add_host(group.rates, group.site);
      hosts_.emplace_back(*this, id, group, random_());
      plan(moment(group.joins, i, group.count), Event::Kind::joins, id);
      if (group.mutes) plan(moment(*group.mutes, i, group.count), Event::Kind::mutes, id);
      if (group.leaves) plan(moment(*group.leaves, i, group.count), Event::Kind::leaves, id);
      if (!group.seeds) ++fetching_;
    }
  announced_.resize(hosts_.size());
}

bool World::run(Duration limit) {
  while (fetching_ > 0) {
    if (events_.empty() || events_.now() - start_ > limit) return false;
    on(events_.next());
    if (events_.now() - glimpsed_ >= glimpse_every) glimpse();
  }
  glimpse();
  return true;
}

void World::on(const Event& event) {
  switch (event.kind) {
  case Event::Kind::moved:
    return network_.on_moved(event.a, event.b, event.c);
  case Event::Kind::connected:
    return on_connected(event.a, event.b);
  case Event::Kind::leaves:
    return on_leave(event.a);
  case Event::Kind::told:
    return answer(event.a);
  case Event::Kind::announces:
    return announce(event.a);
  default:
    return hosts_[event.a].on(event);
  }
}

void World::dial(HostId from, HostId to) {
  const Duration there = handshake_round_trips * network_.round_trip(from, to) + handshake_work;
  plan(hosts_[to].here() ? there : silence_of_gone, Event::Kind::connected, from, to);
}

void World::on_connected(HostId from, HostId to) {
  Host& one = hosts_[from];
  Host& other = hosts_[to];
  if (!one.here() || one.connected(to)) return; // it was dialled meanwhile
  if (!other.here()) return one.on_unreachable(to);
  const FlowId out = network_.open(from, to), back = network_.open(to, from);
  one.connect(to, out, back);
  other.connect(from, back, out);
  one.on_connected(to);
  other.on_connected(from);
}

// As when its process is killed: others notice at once.
void World::on_leave(HostId id) {
  Host& gone = hosts_[id];
  if (!gone.here()) return;
  if (!gone.seeds() && !gone.has_all()) --fetching_;
  gone.leave();
  for (Host& host : hosts_)
    if (host.connected(id)) host.on_closed(id);
  std::erase(holders_, id);
}

void World::on_left(const Host& host) {
  if (host.seeds()) return;
  host.have().each([this](ChunkIndex chunk) { --copies_[number(chunk)]; });
  chunks_there_ -= host.have().count();
}

void World::on_gained(ChunkIndex chunk) {
  ++copies_[number(chunk)];
  ++chunks_there_;
}

void World::announce(HostId host) {
  if (hosts_[host].here() && !std::exchange(announced_[host], 1)) holders_.push_back(host);
}

void World::locate(HostId host) {
  plan(2 * scenario_.wire.latency + tracker_work, Event::Kind::told, host);
}

// As Catalog::sample does it.
void World::answer(HostId asker) {
  if (!hosts_[asker].here() || holders_.empty()) return;
  const auto rarest = std::ranges::min_element(copies_);
  const ChunkIndex rare{static_cast<std::uint32_t>(rarest - copies_.begin())};
  std::vector<swarm::Candidate> candidates;
  const std::size_t first = random_() % holders_.size();
  for (std::size_t i = 0; i < std::min(holders_.size(), most_looked_at); ++i) {
    const HostId holder = holders_[(first + i) % holders_.size()];
    if (holder == asker) continue;
    candidates.push_back({.number = holder,
                          .rare = hosts_[holder].have().has(rare),
                          .near = network_.site_of(holder) == network_.site_of(asker)});
  }
  swarm::sample(candidates, most_sources, chance_);
  std::vector<HostId> told;
  for (const swarm::Candidate& each : candidates) told.push_back(each.number);
  hosts_[asker].on_told(told);
}

void World::on_begun(FlowId flow, const Message& message) {
  hosts_[network_.to(flow)].on_begun(network_.from(flow), message);
}

void World::on_message(FlowId flow, Message message) {
  hosts_[network_.to(flow)].on_message(network_.from(flow), std::move(message));
}

void World::on_drained(FlowId flow) {
  hosts_[network_.from(flow)].on_drained(network_.to(flow));
}

void World::glimpse() {
  const Time now = events_.now();
  double fetching = 0, done = 0, up = 0;
  std::uint64_t sent = 0;
  for (const Host& host : hosts_) {
    sent += host.sent();
    if (!host.here()) continue;
    up += network_.rates_of(host.id()).up;
    if (host.seeds()) continue;
    ++fetching;
    done += host.done() ? 1 : 0;
  }
  const double chunks = scenario_.chunks();
  const double there = static_cast<double>(chunks_there_);
  const double could = up * swarm::seconds(now - glimpsed_);
  glimpses_.push_back({.at = swarm::seconds(now - start_),
                       .done = fetching > 0 ? done / fetching : 0,
                       .progress = fetching > 0 ? there / chunks / fetching : 0,
                       .rarest = static_cast<double>(*std::ranges::min_element(copies_)),
                       .mean = there / chunks,
                       .used = could > 0 ? static_cast<double>(sent - sent_) / could : 0});
  sent_ = sent;
  glimpsed_ = now;
}

} // namespace p2pd::sim
