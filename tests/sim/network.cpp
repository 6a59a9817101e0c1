#include "tests/sim/network.hpp"

#include <utility>

namespace p2pd::sim {

namespace {

constexpr double segment_of_tcp = 1448;
constexpr double first_window = 10 * segment_of_tcp;
constexpr double least_window = 2 * segment_of_tcp;

} // namespace

HostId Network::add_host(const Rates& rates, std::uint32_t site) {
  hosts_.push_back({.rates = rates, .in = {rates.down}, .site = site, .turns = {}});
  return static_cast<HostId>(hosts_.size() - 1);
}

Duration Network::latency(HostId one, HostId other) const {
  return wire_.latency + (hosts_[one].site == hosts_[other].site ? Duration() : wire_.site_latency);
}

Duration Network::time_of(double bytes, double rate) {
  return rate == 0 ? Duration()
                   : std::chrono::ceil<Duration>(std::chrono::duration<double>(bytes / rate));
}

FlowId Network::open(HostId from, HostId to) {
  Flow& flow = flows_.emplace_back();
  flow.from = from;
  flow.to = to;
  flow.threshold = 1e18;
  const double path = 2 * swarm::seconds(latency(from, to)) * hosts_[from].rates.up;
  flow.window = wire_.congestion ? first_window : 4.0 * wire_.quantum + path;
  return static_cast<FlowId>(flows_.size() - 1);
}

void Network::close(FlowId id) {
  Flow& flow = flows_[id];
  flow.open = false;
  flow.messages = {};
  flow.queued = 0;
}

void Network::send(FlowId id, Message message) {
  Flow& flow = flows_[id];
  flow.queued += message.bytes;
  flow.messages.push_back(std::move(message));
  offer(id);
}

std::pair<std::uint32_t, std::uint32_t> Network::arriving(FlowId id) const {
  const Flow& flow = flows_[id];
  if (flow.messages.empty() || flow.messages.front().kind != Message::Kind::segment) return {0, 0};
  return {flow.messages.front().ticket, flow.come};
}

void Network::offer(FlowId id) {
  Flow& flow = flows_[id];
  if (!flow.open || flow.in_turn || flow.queued == 0 ||
      static_cast<double>(flow.under_way) >= flow.window)
    return;
  flow.in_turn = true;
  hosts_[flow.from].turns.push_back(id);
  if (!hosts_[flow.from].sending) start(flow.from);
}

void Network::start(HostId at) {
  Host& host = hosts_[at];
  while (!host.turns.empty()) {
    const FlowId id = host.turns.front();
    host.turns.pop_front();
    Flow& flow = flows_[id];
    flow.in_turn = false;
    if (flow.queued == 0) continue;
    const auto bytes = static_cast<std::uint32_t>(std::min<Bytes>(wire_.quantum, flow.queued));
    flow.queued -= bytes;
    flow.under_way += bytes;
    host.sending = true;
    plan(time_of(bytes * wire_.headers, host.rates.up), id, bytes, Stage::sent);
    return offer(id);
  }
}

void Network::plan(Duration after, FlowId id, std::uint32_t bytes, Stage then) {
  events_.plan(after, {.kind = Event::Kind::moved, .a = id, .b = bytes, .c = then});
}

// Each queue is first come, first served, so when it is through is known as it enters.
void Network::enter(FlowId id, std::uint32_t bytes, Queue& queue, Stage then) {
  const Time now = events_.now();
  const Time begins = std::max(now, queue.free);
  if (wire_.congestion && begins - now > wire_.buffer) mark(flows_[id]);
  queue.free = begins + time_of(bytes * wire_.headers, queue.rate);
  queue.carried += bytes;
  plan(queue.free - now, id, bytes, then);
}

void Network::mark(Flow& flow) {
  const Time now = events_.now();
  if (now - flow.halved < 2 * latency(flow.from, flow.to) + wire_.buffer) return;
  flow.halved = now;
  flow.threshold = std::max(flow.window / 2, least_window);
  flow.window = flow.threshold;
}

void Network::on_moved(FlowId id, std::uint32_t bytes, std::uint32_t stage) {
  const HostId from = flows_[id].from, to = flows_[id].to;
  switch (static_cast<Stage>(stage)) {
  case Stage::sent: {
    const bool crosses = hosts_[from].site != hosts_[to].site;
    plan(latency(from, to), id, bytes, crosses ? Stage::at_site_out : Stage::at_host);
    hosts_[from].sending = false;
    start(from);
    if (flows_[id].open) user_.on_drained(id);
    return;
  }
  case Stage::at_site_out:
    return enter(id, bytes, sites_[hosts_[from].site].out, Stage::at_site_in);
  case Stage::at_site_in:
    return enter(id, bytes, sites_[hosts_[to].site].in, Stage::at_host);
  case Stage::at_host:
    return enter(id, bytes, hosts_[to].in, Stage::delivered);
  case Stage::delivered:
    if (wire_.congestion)
      plan(latency(from, to), id, bytes, Stage::acknowledged);
    else
      acknowledge(id, bytes);
    return deliver(id, bytes);
  case Stage::acknowledged:
    return acknowledge(id, bytes);
  }
}

// A message may be closed upon.
void Network::deliver(FlowId id, std::uint32_t bytes) {
  while (flows_[id].open && bytes > 0) {
    Message& first = flows_[id].messages.front();
    if (flows_[id].come == 0) user_.on_begun(id, first);
    const std::uint32_t part = std::min(bytes, first.bytes - flows_[id].come);
    bytes -= part;
    flows_[id].come += part;
    if (flows_[id].come < first.bytes) return;
    flows_[id].come = 0;
    Message whole = std::move(first);
    flows_[id].messages.pop_front();
    user_.on_message(id, std::move(whole));
  }
}

void Network::acknowledge(FlowId id, std::uint32_t bytes) {
  Flow& flow = flows_[id];
  flow.under_way -= bytes;
  if (wire_.congestion) {
    const bool used = static_cast<double>(flow.under_way + bytes) >= flow.window / 2;
    if (used)
      flow.window += flow.window < flow.threshold ? bytes : segment_of_tcp * bytes / flow.window;
  }
  offer(id);
}

} // namespace p2pd::sim
