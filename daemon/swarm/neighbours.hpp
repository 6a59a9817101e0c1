// Whom one fetch takes for its neighbours, that is for the peers that tell it which chunks they
// have and that it may ask for them, of all that it hears of. Pure policy: the time and the seed
// are passed in. Thread: any; not shared.
//
//   heard --next--> tried --joined--> neighbour
//     ^               |                   |
//     '--- rested <---'--- failed, left, let_go
//
// A neighbour that is partial costs: each tells the other of every chunk that it gains. A whole one
// tells once and wants nothing. So partial ones are bounded tightly, whole ones loosely:
//
//   - It looks for neighbours until `wanted` of them are partial, and takes those who come by
//     themselves until `most` are. In a graph in which everybody chooses `wanted` others at random
//     any two of thousands are a few steps apart, and it falls apart for no loss of hosts that
//     leaves anything to be fetched.
//   - Whole ones, whose rates add up, it takes until `most_whole`.
//   - Peers of its own site come first. Of other sites it keeps `wanted_far`, and more only if its
//     own site has no more.
//   - Those to be tried are chosen by chance: the graph stays connected, however the lists were
//     sorted from which they were heard. Who does not answer for `patience` holds up no other.
//   - Once a `turn`, while others are to be had, the one that has given the least makes way, if it
//     has given less than half of what neighbours give on average: unless a request is on its way
//     to it, or it alone has a chunk that is missing, or it has hardly begun. Every sixth turn it
//     makes way however much it gives: so two halves that were apart find each other again.
//   - Who has failed or was let go rests before it is tried again.
//
// A call takes time logarithmic in the peers that were heard of; let_go() looks at each neighbour.
#pragma once

#include "daemon/swarm/time.hpp"
#include "proto/ids.hpp"

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <unordered_map>
#include <vector>

namespace p2pd::swarm {

using proto::PeerId;

class Neighbours final {
 public:
  static constexpr std::size_t wanted = 10;
  static constexpr std::size_t wanted_far = 3;
  static constexpr std::size_t most = 20;
  static constexpr std::size_t most_whole = 40;
  static constexpr Duration patience = std::chrono::milliseconds(250);
  static constexpr Duration turn = std::chrono::seconds(10);
  static constexpr Duration rest = std::chrono::seconds(3);            // of one that has failed
  static constexpr Duration rest_of_let_go = std::chrono::seconds(60); // and of one that was let go

  explicit Neighbours(std::uint64_t seed) : random_(seed) {}

  void heard(const PeerId& id, bool far = false); // it may have some; far: at another site
  void forget(const PeerId& id);
  // One to be asked now; it counts as tried from now on.
  std::optional<PeerId> next(Time now);
  bool trying() const { return !tries_.empty(); } // next() may have another one after `patience`
  // There is a link to it, whoever began that: may it be a neighbour? Only if it was heard of.
  bool welcome(const PeerId& id) const;
  void joined(const PeerId& id, Time now); // it was asked what it has
  void whole(const PeerId& id);            // a neighbour: it has every chunk
  void failed(const PeerId& id, Time now); // it cannot be reached, or has nothing, or is gone
  void retry(const PeerId& id);            // what made it fail may have passed

  bool is_tried(const PeerId& id) const; // it was chosen, and has not joined yet or has failed
  std::size_t size() const { return partial_ + whole_; }
  bool hungry() const {
    return partial_ + waiting_.size() + waiting_far_.size() < wanted;
  } // more should be heard of

  // One of the neighbours as it is now.
  struct Use {
    PeerId id{};
    std::uint64_t given = 0; // bytes, so far
    bool whole = false;
    bool busy = false; // something was asked of it, and has not come
    bool sole = false; // it alone has a chunk that is missing; counts where due()
  };
  bool due(Time now) const; // it may be that one is to make way
  // `all`: the neighbours, now and then. The one to be let go, which has left then.
  std::optional<PeerId> let_go(std::span<const Use> all, Time now);

 private:
  enum class State : std::uint8_t { waiting, tried, neighbour, resting };
  struct Peer {
    State state = State::waiting;
    bool far = false;
    bool whole = false;        // a neighbour
    bool dismissed = false;    // it rests because it was let go
    std::size_t position = 0;  // in waiting_
    Time since{};              // a neighbour
    std::uint64_t counted = 0; // bytes that it had given at the last turn
    std::multimap<Time, PeerId>::iterator rests;
  };

  bool has_room() const;
  std::vector<PeerId>& waiting(const Peer& peer) { return peer.far ? waiting_far_ : waiting_; }
  void set_whole(Peer& peer, bool whole);
  void leave(Peer& peer, const PeerId& id); // its state, for another one
  void await(Peer& peer, const PeerId& id);
  void rest_until(Peer& peer, const PeerId& id, Time until);
  void wake(Time now);
  std::optional<PeerId> least_useful(std::span<const Use> all, bool by_chance, Time now) const;

  std::mt19937_64 random_;
  std::unordered_map<PeerId, Peer> peers_;
  std::vector<PeerId> waiting_; // in any order
  std::vector<PeerId> waiting_far_;
  std::size_t far_ = 0; // tried, or neighbours
  std::multimap<Time, PeerId> resting_;
  std::deque<std::pair<Time, PeerId>> tries_; // that count
  std::size_t partial_ = 0;
  std::size_t whole_ = 0;
  Time turned_{};
  unsigned turns_ = 0;
};

} // namespace p2pd::swarm
