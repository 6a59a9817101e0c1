// The flow of the missing chunks of one content, from all its sources at once, onto the disk.
//
//   source has room -> picker -> request -> segments into a buffer -> job: hash, compare, write ->
//   got
//
// What is asked of whom is decided by swarm::Fetcher; here are the links, the buffers, the jobs and
// the timers. A chunk that does not hash to what the manifest says is not written, and its sender
// is named. Requests wait for memory, not sockets for buffers: a buffer is taken before its chunk
// is asked for. Loop thread only; owned by its Transfer.
#pragma once

#include "daemon/download/supply.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/links/links.hpp"
#include "daemon/store/write_store.hpp"
#include "daemon/swarm/fetcher.hpp"

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

class Download final : private swarm::FetcherPort {
 public:
  Download(io::Loop& loop, disk::BufferPool& buffers, const ContentId& content,
           std::shared_ptr<const proto::Manifest> manifest,
           std::shared_ptr<store::WriteStore> store, const proto::ChunkSet& missing,
           swarm::Order order, const swarm::Buckets& limits, const links::Links& links,
           links::LinkUser& asker, DownloadListener& listener);
  ~Download();
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  void add_source(links::Link& link, proto::ChunkSet has);
  void source_gained(links::Link& link, std::span<const ChunkIndex> chunks);
  void source_sent(const links::Link& link, const proto::ChunkSet& chunks); // to others
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
  struct Supplier { // a source, as Fetcher knows it by its number
    links::Link* link;
    std::pmr::map<swarm::Ticket, std::shared_ptr<disk::Buffer>> buffers{&io::recycled()};
  };
  using Jobs = std::pmr::list<io::Job>;

  bool has_memory(bool slow) override;
  bool has_share_of_slow() override;
  std::optional<swarm::Ticket> ask(swarm::SourceId source, ChunkIndex chunk, bool slow,
                                   swarm::Copy copy) override;
  swarm::Ticket ask_with(swarm::SourceId source, ChunkIndex chunk, swarm::SourceId from,
                         swarm::Ticket over) override;
  void withdraw(swarm::SourceId source, swarm::Ticket ticket) override;
  void cancel(swarm::SourceId source, swarm::Ticket ticket) override;
  void now_slow(swarm::SourceId source, swarm::Ticket ticket) override;
  bool exempt(swarm::SourceId source) override;
  void on_mute(swarm::SourceId source) override;
  void fill_after(swarm::Duration wait) override;

  void fill() { fetcher_.fill(io::Clock::now()); }
  swarm::Ticket request(Supplier& supplier, ChunkIndex chunk, swarm::Copy copy,
                        std::shared_ptr<disk::Buffer> buffer);
  std::optional<swarm::SourceId> id_of(const links::Link& link) const;
  const swarm::Fetcher::Source* source_of(const links::Link& link) const;
  void verify(const proto::PeerId& from, ChunkIndex chunk, std::shared_ptr<disk::Buffer> buffer);
  enum class Verdict : std::uint8_t { good, forged, unwritten };
  struct Checked {
    Verdict verdict = Verdict::good;
    std::optional<disk::Fault> fault; // where it could not be written
  };
  void on_verified(const proto::PeerId& from, ChunkIndex chunk, Jobs::iterator job,
                   const Checked& checked);
  void on_tick();

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  const ContentId content_;
  const std::shared_ptr<const proto::Manifest> manifest_;
  const std::shared_ptr<store::WriteStore> store_;
  const swarm::Buckets limits_;
  const links::Links& links_;
  links::LinkUser& asker_;
  DownloadListener& listener_;
  std::map<const links::Link*, swarm::SourceId> ids_;
  std::map<swarm::SourceId, Supplier> suppliers_;
  Jobs jobs_{&io::recycled()};
  bool stopped_ = false;
  swarm::Fetcher fetcher_;
  disk::BufferPool::Waiter memory_;
  io::Timer allowed_; // by the limit
  io::Timer tick_;
};

} // namespace p2pd::download
