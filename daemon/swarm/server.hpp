// What a node sends next, and to whom, of all that it was asked for: the requests that wait, the
// copies that were sent, the chunks that are held back, and the slots. Pure policy: the time is
// passed in, and never goes back. Thread: any; not shared. Units: bytes.
//
//   ask --> waiting --next, begin--> sending --end--> gone
//              ^  '--cancel--> gone     |
//   dropped <--'-------put_back---------'
//
//   - A taker's requests are served in the order in which the fewest copies were sent of what they
//     ask for, and the first of equals; but not before they are due, nor while the chunk is held.
//   - A request for a first copy is dropped when another taker is sent the chunk, so that its
//     taker requests something else. A request for any copy is always served.
//   - Rather than nothing, what is held is sent: while nothing is on its way and nothing else is
//     due, what would be due first. Of a node that has little to offer everything is held most of
//     the time, and it would send nothing for a quarter of it.
//   - Among takers it is fair by bytes, see turns.hpp: who gives back pays less.
//   - A taker that reads fast has two requests on the way at once, so that its socket never waits
//     for the disk; a slow one has one.
//   - What waits in front of a socket cannot be withdrawn, and requests and haves stand behind it.
//     So it is no more than its link takes in a moment: with 256 KiB for each of sixteen links they
//     were seconds late on 20 Mbit/s.
//   - So many takers of one address as most_unproven() says may hold a slot before they have taken
//     something at the usual pace: ids cost nothing.
//   - Slow takers get nothing more while they hold `most_lingering` bytes together.
//
// A call takes time linear in the takers that wait, and in the requests of those takers only that
// wait for the same chunk; where nothing has changed, next() returns at once.
#pragma once

#include "daemon/swarm/copies.hpp"
#include "daemon/swarm/turns.hpp"

#include <memory>
#include <optional>
#include <string>

namespace p2pd::swarm {

class Server final {
 public:
  static constexpr std::size_t most_waiting = 1024;        // requests of one taker
  static constexpr std::uint32_t most_queued = 256 * 1024; // bytes
  static constexpr std::uint32_t least_queued = 32 * 1024;

  explicit Server(std::size_t most_lingering) : most_lingering_(most_lingering) {}

  void set_slots(std::size_t slots);
  std::size_t slots() const { return slots_; }

  Taker enter(const std::string& address);
  void leave(Taker taker, Time now); // its requests are gone

  struct Request {
    std::uint64_t ticket = 0; // the caller's, unique for the taker
    std::uint32_t length = 0;
    Time due{};         // it is not served before
    ChunkIndex chunk{}; // counts where `copies` is not null
    std::shared_ptr<Copies> copies;
    Copy wanted = Copy::any;

    std::uint32_t copy() const { return copies == nullptr ? 0 : copies->of(chunk); }
    Time earliest() const;
  };
  enum class Answer : std::uint8_t { waits, too_many, elsewhere };
  Answer ask(Taker taker, Request request);
  bool cancel(Taker taker, std::uint64_t ticket); // false: it does not wait

  struct Turn {
    Taker taker{};
    std::uint64_t ticket = 0;
    std::uint32_t length = 0;
  };
  std::optional<Turn> next(Time now);
  // When next() may have somebody though nothing else happens; as of its last call.
  std::optional<Time> again() const;
  // It is being sent from now on. The taker was sent and has given so much before.
  // Returned: the requests for a first copy of the same chunk that were dropped.
  struct Dropped {
    Taker taker{};
    std::uint64_t ticket = 0;
  };
  std::vector<Dropped> begin(const Turn& turn, std::uint64_t sent, std::uint64_t given, Time now);
  void end(Taker taker, std::uint64_t ticket, bool whole, Time now);
  void put_back(Taker taker, std::uint64_t ticket, Time now); // the first of those that wait

  // Now and then while something is on its way to somebody: `taken` has left for it so far, and
  // more is `ready` for it.
  void look(Taker taker, Time now, std::uint64_t taken, bool ready);
  Duration look_after() const; // how long until then: not long where somebody is not known yet
  Pace pace(Taker taker) const { return side(taker).meter.pace(); }
  // Bytes that may wait in front of its socket; what is written at once is no more than that.
  std::uint32_t queue(Taker taker) const { return side(taker).queue; }
  Duration idle(Taker taker, Time now) const { return side(taker).meter.idle(now); }

  bool waits(Taker taker) const { return !side(taker).waiting.empty(); }
  bool busy(Taker taker) const { return !side(taker).sending.empty(); }
  std::size_t busy() const;    // takers to which something is on its way
  std::size_t waiting() const; // requests, of all takers

 private:
  struct Side { // of one taker
    bool here = false;
    std::size_t address = 0;
    std::vector<Request> waiting; // in the order in which they came
    std::vector<Request> sending; // likewise
    std::uint64_t clock = 0;      // as Wish has it
    PaceMeter meter;
    std::uint32_t queue = least_queued;
    Time looked{};           // last
    unsigned looks = 0;      // so far
    std::uint64_t taken = 0; // by then
    bool ready = false;      // for more, then
    // Which of those that wait would be next, as long as nothing concerns it.
    bool stale = true;
    std::optional<std::size_t> best;
    std::optional<std::size_t> held; // that is due first of those that are held
    Time until = Time::max();        // then another one is due
  };
  struct Address {
    std::string name;
    std::size_t takers = 0;   // 0: the place is free
    std::size_t unproven = 0; // to which something is on its way; for next()
  };

  Side& side(Taker taker) { return sides_[static_cast<std::size_t>(taker)]; }
  const Side& side(Taker taker) const { return sides_[static_cast<std::size_t>(taker)]; }
  std::size_t place(const std::string& address);
  std::uint64_t start_of_clock() const;
  std::vector<Dropped> drop_others(const Request& request);
  void changed(const Request& request); // the copies of its chunk, or when it is held
  void remove_waiting(Taker taker, std::size_t at);
  static void choose(Side& side, Time now);
  static void bound_queue(Side& side, Time now, std::uint64_t taken, bool ready);
  bool crowded(const Side& side) const;
  std::optional<Turn> next_held(Time now);
  Wish wish(Side& side, Time now);

  const std::size_t most_lingering_;
  std::size_t slots_ = 1;
  std::vector<Side> sides_;
  std::vector<Address> addresses_;
  std::vector<Taker> wishing_; // for next(): kept, as it is called often
  std::vector<Wish> wishes_;   // of those
  bool settled_ = false;       // nothing has happened since next() had nobody
  Time again_ = Time::max();
};

} // namespace p2pd::swarm
