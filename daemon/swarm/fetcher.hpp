// Which chunks of one content are asked of which of its sources, and when a request is taken back:
// one fetch, from its first source to its last chunk. Pure policy: events and the time go in, and
// requests come out by FetcherPort. The time never goes back. Thread: any; not shared. Units:
// bytes.
//
//   add, gained          \                       / ask
//   begun, arrived, got   \                     /  ask_with
//   refused, sent, remove  >---- Fetcher ------<
//   verified, forged      /                     \  withdraw
//   tick, fill           /                       \ cancel
//
// A source that has room (pipeline.hpp) is asked for a chunk that is open (picker.hpp). One with
// room for which nothing is open takes over what another is slow with (race.hpp), first what would
// take the longest. Requests wait for memory: there is some for a chunk before it is asked for.
// Slow sources have a share of the memory, and hold no more than they are sending while somebody
// waits for some. A source that was quiet or too slow rests, unless nobody else can be asked.
//
// A chunk that no other node is known to have is requested as a first copy: a source that has sent
// it to another peer refuses, and tells what else it has sent, so that the next request is for
// something that nobody has. So the only source of a swarm sends hardly any chunk twice before it
// has sent every chunk once.
//
// From sources at other sites, only this host's part of what its own site lacks is requested
// (imports.hpp).
//
// An event costs time logarithmic in the sources and the requests of one source. What opens a chunk
// again, frees memory, or passes with the time looks at each source, and a tick at each request.
#pragma once

#include "daemon/swarm/copies.hpp"
#include "daemon/swarm/imports.hpp"
#include "daemon/swarm/picker.hpp"
#include "daemon/swarm/pipeline.hpp"
#include "daemon/swarm/race.hpp"
#include "daemon/swarm/rate.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace p2pd::swarm {

// One peer that has some of the content, by a number that is never used again.
enum class SourceId : std::uint32_t {};
// One request; each of a source is greater than the one before.
using Ticket = std::uint32_t;

// What a fetcher needs done. It may be called in any event, and calls back into no event.
class FetcherPort {
 public:
  // Whether there may be memory for one more chunk, from a source that is slow or not.
  virtual bool has_memory(bool slow) = 0;
  // There is memory for slow ones at all.
  virtual bool has_share_of_slow() = 0;
  // Requests the chunk; nothing where there is no memory: then fill() when there is some.
  virtual std::optional<Ticket> ask(SourceId source, ChunkIndex chunk, bool slow, Copy copy) = 0;
  // Likewise, any copy of it, into the memory of another request, which is over.
  virtual Ticket ask_with(SourceId source, ChunkIndex chunk, SourceId from, Ticket over) = 0;
  // The source is to send no more of it and to say so, which is refused(). What comes until then
  // is taken.
  virtual void withdraw(SourceId source, Ticket ticket) = 0;
  virtual void cancel(SourceId source, Ticket ticket) = 0; // what comes is not taken any more
  virtual void now_slow(SourceId source,
                        Ticket ticket) = 0;   // its memory counts as that of a slow one
  virtual bool exempt(SourceId source) = 0;   // from the limit of all together
  virtual void on_mute(SourceId source) = 0;  // it delivers nothing, and is asked for nothing now
  virtual void fill_after(Duration wait) = 0; // the limit allows nothing before: fill() then

 protected:
  ~FetcherPort() = default;
};

// Where a source is.
struct Origin {
  std::uint64_t key = 0; // a hash of its id
  bool far = false;      // at another site than this host
};

// The content that is fetched.
struct Extent {
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;

  std::uint32_t length(ChunkIndex chunk) const {
    const std::uint64_t from = std::uint64_t{number(chunk)} * chunk_size;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_size, size - from));
  }
};

// What bounds how fast chunks are asked for: of all sources together, and of those of other sites.
struct Buckets {
  Bucket& all;
  Bucket& between_sites;
};

// What a fetch does without, so that a simulation can show what each is worth.
struct Handicap {
  bool random_picks = false; // the rarest are not asked for first
  bool no_races = false;     // what a source is slow with is waited for
  bool any_copy = false;     // also what others are sent is asked for
  std::uint32_t window = 0;  // so many requests to each source, whatever is measured; 0: no
};

// Why a source does not send a chunk.
enum class Refusal : std::uint8_t {
  missing,   // it does not have it
  busy,      // not now
  elsewhere, // it has sent it to others, and was asked for a first copy
};

class Fetcher final {
 public:
  static constexpr Duration tick_period = std::chrono::milliseconds(100);

  Fetcher(const Extent& extent, const ChunkSet& missing, Order order, std::uint64_t seed,
          const Buckets& limits, FetcherPort& port, Time now, const Handicap& handicap = {},
          std::uint64_t key = 0); // of this host, as of an Origin
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  SourceId add(ChunkSet has, Time now, const Origin& origin = {}); // fill() behind it
  void gained(SourceId source, std::span<const ChunkIndex> chunks, Time now);
  void remove(SourceId source, Time now); // its requests are cancelled

  struct Pending { // a chunk that was asked for
    Ticket ticket{};
    ChunkIndex chunk{};
    std::uint32_t received = 0; // in whole segments
    std::uint32_t arrived = 0;  // of the segment under way, as of the last tick
    Time since{};
    Time begun{}; // the first of its segments
    // Withdrawn: the source is to confirm that it will not send it. Replaced: likewise, but that is
    // not waited for.
    enum class State : std::uint8_t { asked, withdrawn, replaced } state = State::asked;
    Copy copy = Copy::any;
    Duration unconfirmed{};       // withdrawn for so long, of the time we listened
    std::optional<SourceId> heir; // whom it is asked for as well, or will be, if it is still there
  };
  // Null: it was never asked for, or is over.
  const Pending* find(SourceId source, Ticket ticket) const;

  void measured(SourceId source, Duration rtt);
  void begun(SourceId source, Ticket ticket, Time now); // a segment of it
  // So much of the segment under way has come: told before each tick.
  void arrived(SourceId source, Ticket ticket, std::uint32_t bytes, Time now);
  // A segment has come. True: the chunk is whole, and to be verified.
  bool got(SourceId source, Ticket ticket, std::uint32_t bytes, Time now);
  void refused(SourceId source, Ticket ticket, Refusal why, Time now);
  void sent(const ChunkSet& chunks); // by a source, to others
  // What was whole is on the disk, or was not what it should be; fill() behind it.
  void verified(ChunkIndex chunk);
  void forged(ChunkIndex chunk);
  // Every `tick_period`. `pressed`: somebody waits for memory.
  void tick(bool pressed, Time now);
  void fill(Time now); // asks for what can be asked for
  void stop(Time now); // for good: all requests are cancelled

  struct Source {
    ChunkSet has;
    Origin origin;
    bool counted; // by the picker: it was partial when it came
    Pipeline pipeline;
    std::vector<Pending> pending{}; // in the order of their tickets
    Duration unconfirmed{};         // of what is withdrawn, the longest
    std::uint32_t partial = 0;      // bytes of the segment under way that the pipeline knows of
    Time resting_until{};           // it was quiet, too slow, or too busy
    unsigned quiet = 0;             // that is why it rests: so many times since it sent something
    unsigned outrun = 0;            // it was too slow, so many times since it sent a whole chunk
    bool told = false;              // of its silence
    std::uint64_t dry = 0;          // it had nothing to be asked for when so many were put back
    std::optional<ChunkIndex> racing{}; // a chunk that another source was asked for as well
    std::size_t promised = 0;           // chunks that are withdrawn elsewhere for its sake
  };
  using Sources = std::map<SourceId, Source>;
  const Sources& sources() const { return sources_; }
  const Picker& picker() const { return picker_; }
  std::uint32_t missing() const { return picker_.missing(); }
  std::uint32_t unverified() const { return unverified_; } // chunks that are being verified
  bool starved() const; // nothing is on its way, and no source has what is missing
  bool is_lacked(ChunkIndex chunk) const; // by a source, so that it may ask for it
  bool is_sole(SourceId source) const;    // it alone has a chunk that is missing

 private:
  template <class Use>
  void each_limit(SourceId id, const Source& source, Use&& use) const {
    if (!port_.exempt(id)) use(limits_.all);
    if (source.origin.far) use(limits_.between_sites);
  }
  bool ask_next(SourceId id, Source& source, Time now);
  void fill_one(SourceId id, Source& source, Time now);
  void ask_the_quiet(Time now);
  void add_pending(SourceId id, Source& source, Ticket ticket, ChunkIndex chunk, Time now,
                   Copy copy = Copy::any);
  Pending take_pending(Source& source, std::vector<Pending>::iterator at, Time now);
  static std::vector<Pending>::iterator place(Source& source, Ticket ticket);
  bool is_asked(ChunkIndex chunk) const { return asked_[number(chunk)] > 0; }
  void put_back(ChunkIndex chunk);                     // unless another source is asked for it, too
  void release(SourceId id, Source& source, Time now); // what it was asked for is open again
  static void on_alive(Source& source);                // it has sent something
  std::uint64_t queued(const Source& source) const;    // bytes that it was asked for

  // Races, in fetcher_races.cpp.
  struct Rival { // a chunk that a source was asked for, and how long it will take
    SourceId id{};
    Source* source = nullptr;
    Ticket ticket{};
    Duration time{};
  };
  static Pending* pending_of(const Rival& rival); // null: it was taken over
  static bool is_open(const Rival& rival);        // for others to be asked for it
  static bool is_awaited(const Pending& pending); // withdrawn for another, and not confirmed
  Outstanding outstanding(const Rival& rival, const Pending& pending, Time now) const;
  void run_races(Time now);
  void find_rivals();
  bool run_race(SourceId id, Source& idle, Time now);
  bool ask_too(SourceId id, Source& idle, const Rival& rival, Time now); // false: no memory
  void take_over(SourceId id, Source& idle, const Rival& rival, Time now);
  void withdraw(const Rival& rival, Pending::State state, Time now);
  void rest(SourceId id, Source& source, bool replaced, Time now);
  void shed(SourceId id, Source& source, Time now); // what it holds and will not fill soon
  void pass_on(SourceId from, const Pending& pending, Time now);
  void disown(ChunkIndex chunk); // one that was asked for it will not send it
  void cancel(SourceId id, Source& source, Ticket ticket, Time now);
  void end_race(ChunkIndex chunk, Time now); // it is here: others need not send it

  const Extent extent_;
  const Handicap handicap_;
  FetcherPort& port_;
  const Buckets limits_;
  Picker picker_;
  Imports imports_;
  Sources sources_;
  std::uint32_t next_source_ = 0;
  std::vector<std::uint16_t> asked_; // by chunk: requests
  std::size_t in_flight_ = 0;        // of all sources
  std::uint32_t unverified_ = 0;
  std::uint64_t put_back_ = 1; // so many times
  std::vector<Rival> rivals_;  // for run_races(): the slowest first
  Time allowed_{};             // by the limit
  Time last_tick_;
  bool stopped_ = false;
};

} // namespace p2pd::swarm
