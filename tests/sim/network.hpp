// Links in virtual time. Each host has one way out and one way in, of so many bytes a second; hosts
// of a site share a way out of it and one into it. Each flow is one direction of one connection.
//
//   flow, flow, ... --in turns--> way out --> [out of the site --> into the site] --> way in
//
// The way out of a host takes a quantum from each flow in turn, as fair queueing does; all others
// are first come, first served. How much of a flow is on its way is bounded by its window, which
// grows as that of TCP Reno (RFC 5681), and is halved where a queue is longer than its buffer: what
// would be dropped is only marked, so nothing is sent twice. `headers` is what a packet adds.
//
// Not modelled: losses, delayed acknowledgements, packets smaller than a quantum, the processors.
#pragma once

#include "tests/sim/message.hpp"

#include <deque>

namespace p2pd::sim {

struct Rates {
  double up = 0; // bytes a second
  double down = 0;
};

struct Wire {
  Duration latency = std::chrono::microseconds(200); // one way, between any two hosts
  Duration site_latency{};                           // and more between sites
  Duration buffer = std::chrono::milliseconds(100);  // of each queue
  std::uint32_t quantum = 16 * 1024;                 // bytes
  bool congestion = true;                            // windows; else what a path can hold
  double headers = 1514.0 / 1448;
};

class NetworkUser {
 public:
  virtual void on_begun(FlowId flow, const Message& message) = 0; // its first bytes have come
  virtual void on_message(FlowId flow, Message message) = 0;
  virtual void on_drained(FlowId flow) = 0; // less is queued

 protected:
  ~NetworkUser() = default;
};

class Network final {
 public:
  Network(Events& events, const Wire& wire, NetworkUser& user)
      : events_(events), wire_(wire), user_(user) {}

  void add_site(const Rates& rates) { sites_.push_back({{rates.up}, {rates.down}}); }
  HostId add_host(const Rates& rates, std::uint32_t site);
  FlowId open(HostId from, HostId to);
  void close(FlowId flow); // what is on its way does not arrive

  void send(FlowId flow, Message message);
  Bytes queued(FlowId flow) const { return flows_[flow].queued; } // not under way yet
  // The segment that is arriving: its ticket, and the bytes of it that have come.
  std::pair<std::uint32_t, std::uint32_t> arriving(FlowId flow) const;
  HostId from(FlowId flow) const { return flows_[flow].from; }
  HostId to(FlowId flow) const { return flows_[flow].to; }
  Duration round_trip(HostId one, HostId other) const { return 2 * latency(one, other); }
  Bytes carried_into(std::uint32_t site) const { return sites_[site].in.carried; }
  std::uint32_t site_of(HostId host) const { return hosts_[host].site; }
  // As the daemon has it: both are at a site, and not at the same. The first site is none.
  bool far(HostId one, HostId other) const {
    return site_of(one) != 0 && site_of(other) != 0 && site_of(one) != site_of(other);
  }
  const Rates& rates_of(HostId host) const { return hosts_[host].rates; }

  void on_moved(FlowId flow, std::uint32_t bytes, std::uint32_t stage);

 private:
  enum Stage : std::uint32_t { sent, at_site_out, at_site_in, at_host, delivered, acknowledged };
  struct Queue {
    double rate = 0; // 0: as fast as can be
    Time free{};     // nothing waits from then on
    Bytes carried = 0;
  };
  struct Site {
    Queue out, in;
  };
  struct Host {
    Rates rates;
    Queue in;
    std::uint32_t site;
    std::deque<FlowId> turns; // flows that may send
    bool sending = false;
  };
  struct Flow {
    HostId from, to;
    bool open = true;
    bool in_turn = false;
    std::deque<Message> messages; // the first is arriving
    std::uint32_t come = 0;       // bytes of that
    Bytes queued = 0;
    Bytes under_way = 0;
    double window = 0;
    double threshold = 0;
    Time halved{};
  };

  Duration latency(HostId one, HostId other) const;
  static Duration time_of(double bytes, double rate);
  void offer(FlowId id); // a turn, if it may send
  void start(HostId host);
  void plan(Duration after, FlowId id, std::uint32_t bytes, Stage then);
  void enter(FlowId id, std::uint32_t bytes, Queue& queue, Stage then);
  void deliver(FlowId id, std::uint32_t bytes);
  void acknowledge(FlowId id, std::uint32_t bytes);
  void mark(Flow& flow);

  Events& events_;
  const Wire wire_;
  NetworkUser& user_;
  std::vector<Host> hosts_;
  std::vector<Site> sites_;
  std::deque<Flow> flows_; // none is ever moved
};

} // namespace p2pd::sim
