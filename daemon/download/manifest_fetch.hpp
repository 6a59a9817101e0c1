// Gets the manifest of one content from the first of its sources that sends all of it. One source
// is asked; where it is slow or silent, others are as well, as swarm/hedge.hpp decides, and those
// that lose are cancelled; who has sent nothing rests before it is asked again. What came is
// checked on the pool: its hash is the content id, so no source is trusted. A source makes this
// node keep no more bytes than it has sent, and all sources together those of one manifest of the
// largest kind: beyond that, who has sent least makes way. Loop thread only; owned by its Transfer,
// which passes on what its links say.
//
// What several sources have sent is not put together: each begins at the first byte, and only the
// whole can be checked, so one that lies would spoil what the others sent.
#pragma once

#include "daemon/disk/manifest_memory.hpp"
#include "daemon/download/supply.hpp"
#include "daemon/links/link.hpp"
#include "daemon/swarm/hedge.hpp"

#include <list>

namespace p2pd::download {

using proto::ContentId;

class ManifestFetch final {
 public:
  // Without a manifest: it came as the id says, and is malformed. Nobody has a better one.
  using Done = std::function<void(library::OpenContent)>;
  ManifestFetch(io::Loop& loop, const ContentId& content, links::LinkUser& asker, Done done);
  ~ManifestFetch() { stop(); }
  ManifestFetch(const ManifestFetch&) = delete;
  ManifestFetch& operator=(const ManifestFetch&) = delete;

  void add_source(links::Link& link);
  void remove_source(links::Link& link);
  void stop(); // until a source is added again

  void on_size(links::Link& link, proto::RequestId request, std::uint32_t size);
  proto::MutableView segment_space(links::Link& link, const proto::Segment& segment);
  void on_segment(links::Link& link, const proto::Segment& segment);
  void on_failed(links::Link& link, const proto::Failed& failed);

  bool awaits(const links::Link& link) const;
  bool checks() const { return !checks_.empty(); }                          // one has come whole
  void describe(const links::Link& link, SourceSituation& situation) const; // of one source

 private:
  struct Request {
    proto::RequestId id{};
    swarm::Asked state;
    std::shared_ptr<proto::Bytes> bytes = std::make_shared<proto::Bytes>(); // as far as they came
    std::size_t whole = 0; // so many of them are of whole segments
  };
  struct Source {
    links::Link* link;
    std::optional<Request> request{};
    io::Time resting_until{}; // it is busy, or has sent nothing
    bool fresh = true;        // it was never asked
    unsigned silent = 0;      // so many times it was let go of, as it had sent nothing
  };
  using Sources = std::list<Source>; // the next to be asked first

  Sources::iterator find(const links::Link& link);
  Request* request_of(const links::Link& link, proto::RequestId request);
  void advance();
  void ask(Sources::iterator source, io::Time now);
  Sources::iterator next(io::Time now); // to be asked
  void withdraw(Sources::iterator source);
  std::size_t kept() const; // bytes that came
  void make_room(const Request& request, std::size_t bytes);
  void let_go(Sources::iterator source, io::Time now);
  void on_tick();
  void check(const links::Link& link, std::shared_ptr<const proto::Bytes> bytes);

  io::Loop& loop_;
  const ContentId content_;
  links::LinkUser& asker_;
  Done done_;
  Sources sources_;
  unsigned trials_ = 0; // see swarm::Asking
  io::Time last_asked_{};
  std::list<io::Job> checks_;
  disk::ManifestMemory::Charge arrived_{disk::manifest_memory()};
  io::Timer tick_;
};

} // namespace p2pd::download
