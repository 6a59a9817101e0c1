// A whole swarm with neither sockets nor clock: peers that decide by picker, pipeline, race and
// turns alone, and links that carry so many segments a turn. What is cancelled is not sent, and who
// serves anything confirms a withdrawal at once.
#pragma once

#include "daemon/swarm/picker.hpp"
#include "daemon/swarm/pipeline.hpp"
#include "daemon/swarm/race.hpp"
#include "daemon/swarm/turns.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace p2pd::swarm {

class ToySwarm {
 public:
  static constexpr std::uint32_t chunks = 200;
  static constexpr std::uint32_t chunk_size = 512 * 1024;
  static constexpr std::uint32_t segment = 128 * 1024;
  static constexpr std::size_t upload = 8; // segments a turn, for each peer
  static constexpr Duration turn = std::chrono::milliseconds(20);

  // The first peer is the seeder.
  ToySwarm(std::size_t leechers, std::size_t neighbours, std::uint64_t seed,
           Order order = Order::rarest_first);

  void advance(); // one turn: everybody asks, everybody serves
  void leave(std::size_t peer);
  void silence(std::size_t peer) { peers_[peer].upload = 0; } // it answers nothing any more
  void slow(std::size_t peer) { peers_[peer].upload = 1; }

  bool complete() const;
  bool seeder_is_needed() const; // for a chunk that nobody else has
  void check() const;            // that nobody has lost count
  std::size_t turns() const { return turns_; }
  double seeded() const; // copies of the content that the seeder has sent
  double wasted() const; // of what was sent, the part that had come from elsewhere

 private:
  struct Pending {
    ChunkIndex chunk{};
    std::uint32_t received = 0;
    bool withdrawn = false; // and never confirmed
  };
  struct Link {
    Pipeline pipeline{chunk_size};
    std::vector<Pending> asked;
    std::optional<ChunkIndex> racing;
    Time resting_until{};    // it was quiet
    unsigned quiet = 0;      // so many times
    std::uint64_t clock = 0; // of what the other side was sent, as Wish has it
    std::uint64_t given = 0; // bytes that it was sent
  };
  using Request = std::pair<std::size_t, ChunkIndex>; // who asks for what
  using Links = std::map<std::size_t, Link>;          // by the peer at the other end
  struct Peer {
    Peer(bool seeder, Order order, std::uint64_t seed);
    bool here = true;
    std::size_t upload = ToySwarm::upload;
    ChunkSet have;
    Picker picker;
    Links links;
    std::vector<Request> requests;
    std::optional<Request> serving;
    std::vector<std::uint32_t> copies; // by chunk: how often it was sent
    std::uint64_t sent = 0;            // segments
  };

  void connect(std::size_t a, std::size_t b);
  void forget(std::size_t one, std::size_t other);
  void ask(std::size_t peer);
  void request(std::size_t from, std::size_t to, ChunkIndex chunk);
  void cancel(std::size_t from, std::size_t to, ChunkIndex chunk);
  struct Rival { // a chunk that was asked for elsewhere, and how long it will take there
    std::size_t source = 0;
    Pending pending;
    Duration time{};
  };
  static std::optional<Rival> slowest_for(const Peer& peer, std::size_t idle, const ChunkSet& has);
  bool run_race(std::size_t peer, std::size_t idle);
  void serve(std::size_t peer);
  void begin_next(std::size_t peer);
  void receive(std::size_t peer, std::size_t from, ChunkIndex chunk);

  std::mt19937_64 random_;
  Time now_{};
  std::size_t turns_ = 0;
  std::uint64_t useful_ = 0; // segments
  std::vector<Peer> peers_;
};

} // namespace p2pd::swarm
