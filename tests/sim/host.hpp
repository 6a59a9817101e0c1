// One peer of a simulated swarm: what peer::Sources, Download, Link, Uploads and the rest are in
// the daemon, around the same decisions of daemon/swarm.
//
//   locate -> tracker's answer -> Neighbours -> connected -> want -> has -> Fetcher -> requests
//   request -> Server -> read -> segments, as long as little is queued
//
// Beside the network these cost time: dialling (three round trips until hello is there), reading a
// chunk, and hashing and writing it. There is always memory, and all are told the truth.
#pragma once

#include "daemon/swarm/fetcher.hpp"
#include "daemon/swarm/neighbours.hpp"
#include "daemon/swarm/server.hpp"
#include "tests/sim/scenario.hpp"

#include <map>
#include <memory>
#include <set>

namespace p2pd::sim {

using swarm::SourceId;
using swarm::Ticket;

class World;

class Host final : private swarm::FetcherPort {
 public:
  Host(World& world, HostId id, const Group& group, std::uint64_t seed);

  void join();
  void leave(); // at once, and without a word
  bool here() const { return here_; }
  bool has_all() const { return have_.full(); }
  bool seeds() const { return seeds_; }
  const ChunkSet& have() const { return have_; }
  HostId id() const { return id_; }

  bool connected(HostId other) const { return links_.contains(other); }
  void connect(HostId other, FlowId out, FlowId in); // a link is there
  void on_connected(HostId other);                   // likewise, once both sides have it
  void on_unreachable(HostId other);
  void on_closed(HostId other);
  void on_told(std::span<const HostId> holders); // by the tracker

  void on_begun(HostId from, const Message& message);
  void on_message(HostId from, Message message);
  void on_drained(HostId to);
  void on(const Event& event);

  std::uint64_t sent() const { return sent_; }         // bytes of payload
  std::uint64_t received() const { return received_; } // likewise, duplicates too
  std::optional<Time> done() const { return done_; }
  Time joined() const { return joined_; }
  std::size_t links() const { return links_.size(); }

 private:
  struct Image { // a chunk that is being read or sent
    Ticket ticket{};
    std::uint32_t length = 0;
    std::uint32_t sent = 0;
    bool ready = false;
    bool cancelled = false;
  };
  struct Link {
    FlowId out = 0;
    FlowId in = 0; // the other side's
    // What it serves.
    swarm::Taker taker{};
    bool they_want = false;
    bool asked_us = false;  // for a chunk
    std::uint32_t told = 0; // as Copies::news() has it
    std::deque<Image> images;
    std::uint64_t sent = 0;        // bytes of payload
    std::vector<ChunkIndex> known; // gained here, and to be told at leisure
    // What it fetches.
    bool wanted = false;
    std::optional<ChunkSet> offer; // until the manifest is there
    std::optional<SourceId> source;
    Ticket next_ticket = 1;
    std::uint64_t received = 0; // bytes of payload
  };

  // Links and neighbours, in host.cpp.
  void locate();
  void meet(std::span<const HostId> others);
  void on_link(HostId other, Link& link);
  void take(HostId other, Link& link);
  void seek();
  void review();
  void on_second();
  void introduce(HostId other);
  void tell_gained();
  void tell_known();
  void send_gained(Link& link, std::span<const ChunkIndex> chunks);
  void send(Link& link, Message::Kind kind, std::uint32_t bytes);
  void drop(HostId other, Link& link);
  static proto::PeerId peer_of(HostId id);
  static HostId host_of(const proto::PeerId& id);

  // What it fetches, in host_fetch.cpp.
  void on_has(HostId other, Link& link, ChunkSet set);
  void begin_chunks();
  void on_gained(Link& link, std::span<const ChunkIndex> chunks);
  void on_segment(Link& link, const Message& segment);
  void on_verified(ChunkIndex chunk);
  void on_tick();
  Link& link_of(SourceId source);
  bool has_memory(bool) override { return true; }
  bool has_share_of_slow() override { return true; }
  std::optional<Ticket> ask(SourceId source, ChunkIndex chunk, bool slow,
                            swarm::Copy copy) override;
  Ticket ask_with(SourceId source, ChunkIndex chunk, SourceId from, Ticket over) override;
  void withdraw(SourceId source, Ticket ticket) override;
  void cancel(SourceId source, Ticket ticket) override;
  void now_slow(SourceId, Ticket) override {}
  bool exempt(SourceId) override { return false; }
  void on_mute(SourceId) override {}
  void fill_after(Duration) override {}

  // What it serves, in host_serve.cpp.
  void on_request(HostId other, Link& link, const Message& request);
  void on_cancel(Link& link, Ticket ticket);
  void serve();
  void refuse(Link& link, Ticket ticket, swarm::Refusal why);
  void on_read(HostId other);
  void pump(Link& link);
  void on_looks();

  World& world_;
  const HostId id_;
  const bool seeds_;
  bool here_ = false;
  bool mute_ = false;
  Time joined_{};
  std::optional<Time> done_;
  std::mt19937_64 random_;
  std::map<HostId, Link> links_;
  ChunkSet have_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;

  std::unique_ptr<swarm::Neighbours> neighbours_;
  std::set<HostId> dialled_;
  bool seeking_ = false;
  std::uint64_t seconds_ = 0;
  std::unique_ptr<swarm::Fetcher> fetcher_;
  swarm::Bucket limit_{0, 1};
  bool manifest_asked_ = false;
  bool manifest_ = false;
  std::map<SourceId, HostId> sources_;
  std::vector<ChunkIndex> gained_;
  bool telling_ = false;
  bool telling_known_ = false;

  swarm::Server server_;
  std::shared_ptr<swarm::Copies> copies_;
  std::vector<HostId> takers_; // by their numbers
  bool looking_ = false;
  std::optional<Time> serves_at_;
};

} // namespace p2pd::sim
