// The flow of the missing chunks of one content, from all its sources at once, onto the disk.
//
//   source has room -> picker -> request -> segments into a buffer -> job: hash, compare, write ->
//   got
//
// A chunk that does not hash to what the manifest says is not written, and its sender is named. A
// source that has room takes over what another is slow with, see swarm/race.hpp. Requests wait for
// memory, not sockets for buffers: a buffer is taken before its chunk is asked for. Slow sources
// have a share of the memory, and hold no more than they are sending where somebody waits for some.
// Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/disk/write_store.hpp"
#include "daemon/download/supply.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/links/link.hpp"
#include "daemon/swarm/picker.hpp"
#include "daemon/swarm/pipeline.hpp"
#include "daemon/swarm/race.hpp"
#include "daemon/swarm/rate.hpp"

namespace p2pd::download {

using proto::ChunkIndex;
using proto::ContentId;

class DownloadListener {
 public:
  virtual void on_chunk(ChunkIndex chunk, const proto::PeerId& from) = 0; // verified and written
  virtual void on_complete() = 0;
  virtual void on_forged(const proto::PeerId& from, ChunkIndex chunk) = 0; // it was not written
  virtual void on_write_failed(const disk::Fault& fault) = 0; // nothing more is asked for

 protected:
  ~DownloadListener() = default;
};

class Download final {
 public:
  Download(io::Loop& loop, disk::BufferPool& buffers, const ContentId& content,
           std::shared_ptr<const proto::Manifest> manifest, std::shared_ptr<disk::WriteStore> store,
           const proto::ChunkSet& missing, swarm::Order order, swarm::Bucket& limit,
           links::LinkUser& asker, DownloadListener& listener);
  ~Download();
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  void add_source(links::Link& link, proto::ChunkSet has);
  void source_gained(links::Link& link, std::span<const ChunkIndex> chunks);
  void remove_source(links::Link& link);
  bool starved() const; // nothing is on its way, and no source has what is missing
  bool is_lacked(ChunkIndex chunk) const; // by a source, so that it may ask for it
  bool awaits(const links::Link& link) const;
  bool is_whole(const links::Link& link) const; // it has every chunk
  bool is_sole(const links::Link& link) const;  // it alone has a chunk that is missing
  void describe(Supply& supply) const;
  void describe(const links::Link& link, SourceSituation& situation) const; // of one source
  void stop(); // for good; what was asked for is cancelled

  proto::MutableView segment_space(links::Link& link, const proto::Segment& segment);
  void on_segment(links::Link& link, const proto::Segment& segment);
  void on_failed(links::Link& link, const proto::Failed& failed);

 private:
  struct Pending { // a chunk that was asked for
    ChunkIndex chunk{};
    std::shared_ptr<disk::Buffer> buffer;
    std::uint32_t received = 0;
    io::Time since = io::Clock::now();
    io::Time begun{}; // the first of its segments
    // Withdrawn: the source is to confirm that it will not send it. Replaced: likewise, but that is
    // not waited for.
    enum class State : std::uint8_t { asked, withdrawn, replaced } state = State::asked;
    io::Clock::duration unconfirmed{}; // withdrawn for so long, of the time we listened
    links::Link* heir =
        nullptr; // whom it is asked for as well, or will be; looked up before it is used
  };
  struct Source {
    links::Link* link;
    proto::ChunkSet has;
    bool counted; // by the picker: it was partial when it came
    swarm::Pipeline pipeline;
    std::pmr::map<proto::RequestId, Pending> pending{&io::recycled()};
    io::Clock::duration unconfirmed{}; // of what is withdrawn, the longest
    std::uint32_t partial = 0;         // bytes of the segment under way that the pipeline knows of
    io::Time resting_until{};          // it was quiet, too slow, or too busy
    unsigned quiet = 0;               // that is why it rests: so many times since it sent something
    unsigned outrun = 0;              // it was too slow, so many times since it sent a whole chunk
    bool told = false;                // of its silence, in the log
    bool dry = false;                 // it has nothing that could be asked for now
    std::optional<ChunkIndex> racing; // a chunk that another source was asked for as well
    std::size_t promised = 0;         // chunks that are withdrawn elsewhere for its sake
  };
  using Sources = std::map<links::Link*, Source>;
  using Jobs = std::pmr::list<io::Job>;

  void fill();
  bool ask_next(Source& source);
  void ask_the_quiet();
  void verify(const proto::PeerId& from, Pending pending);
  enum class Verdict : std::uint8_t { good, forged, unwritten };
  struct Checked {
    Verdict verdict = Verdict::good;
    std::optional<disk::Fault> fault; // where it could not be written
  };
  void on_verified(const proto::PeerId& from, ChunkIndex chunk, Jobs::iterator job,
                   const Checked& checked);
  void ask(Source& source, ChunkIndex chunk, std::shared_ptr<disk::Buffer> buffer);
  void put_back(ChunkIndex chunk); // unless another source is asked for it, too
  void release(Source& source);    // what it was asked for is open again
  void on_alive(Source& source);   // it has sent something
  void count_partial(Source& source, io::Time now);
  static disk::Filler filler(const Source& source) {
    return source.pipeline.slow() ? disk::Filler::slow : disk::Filler::usual;
  }
  void on_tick();

  // Races, in download_races.cpp.
  struct Rival { // a chunk that a source was asked for, and how long it will take
    Source* source = nullptr;
    Pending* pending = nullptr;
    proto::RequestId request{};
    io::Clock::duration time{};
    bool open() const;    // for others to be asked for it
    bool awaited() const; // it is withdrawn for the sake of another, and that is not confirmed
    swarm::Outstanding outstanding(std::uint32_t length, io::Time now) const;
  };
  void run_races();
  std::vector<Rival> rivals(); // those that are open, the slowest first
  bool run_race(Source& idle, std::span<Rival> slowest_first, io::Time now);
  bool ask_too(Source& idle, Pending& pending);             // false: no memory
  void take_over(Source& idle, Rival& rival, io::Time now); // with the buffer that it waits in
  void withdraw(const Rival& rival, Pending::State state, io::Time now);
  void rest(Source& source, bool replaced, io::Time now);
  void shed(Source& source, io::Time now);          // what it holds and will not fill soon
  void pass_on(Pending pending);                    // its withdrawal is confirmed
  void disown(ChunkIndex chunk);                    // one that was asked for it will not send it
  std::uint64_t queued(const Source& source) const; // bytes that it was asked for
  bool is_asked(ChunkIndex chunk) const;
  void cancel(Source& source, proto::RequestId request);
  void end_race(ChunkIndex chunk); // it is here: others need not send it

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  const ContentId content_;
  const std::shared_ptr<const proto::Manifest> manifest_;
  const std::shared_ptr<disk::WriteStore> store_;
  links::LinkUser& asker_;
  DownloadListener& listener_;
  swarm::Picker picker_;
  Sources sources_;
  Jobs jobs_{&io::recycled()};
  bool stopped_ = false;
  io::Time last_tick_ = io::Clock::now();
  swarm::Bucket& limit_;
  disk::BufferPool::Waiter memory_;
  io::Timer allowed_; // by the limit
  io::Timer tick_;
};

} // namespace p2pd::download
