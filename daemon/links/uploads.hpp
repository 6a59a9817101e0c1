// Serves one link with what the other side asked for, when UploadSlots says that it is its turn.
//
//   request -> waiting_ -> turn -> [job: read into a bulk image] -> segments, as the socket drains
//
// A chunk is read once, into the memory from which it is sealed and sent. Little is read ahead of
// the socket, so what a slow reader costs is bounded by two images; all images come from the buffer
// pool. Loop thread only; owned by its Link.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/job.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/library/library.hpp"
#include "daemon/links/limits.hpp"
#include "daemon/links/upload_slots.hpp"
#include "daemon/net/session.hpp"

#include <deque>
#include <list>

namespace p2pd::links {

class UploadsListener {
 public:
  virtual void on_unreadable(const ContentId& content, const disk::Fault& fault) = 0;

 protected:
  ~UploadsListener() = default;
};

// What somebody is told who asks for what cannot be read: to ask again where this machine only
// lacks something, else that it is not here.
proto::Reason reason_of(const disk::Fault& fault);

class Uploads final {
 public:
  // Requests that wait, of one link; a well-behaved one has far fewer.
  static constexpr std::size_t most_waiting = 1024;

  Uploads(io::Loop& loop, disk::BufferPool& buffers, Limits& limits, UploadSlots& slots,
          net::Session& session, UploadsListener& listener);
  ~Uploads() { slots_.leave(*this); }
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  // `copies`: of the chunks of this content; null where the other side never said that it wants it.
  void serve_chunk(const proto::Request& request, const library::Content& content,
                   std::shared_ptr<Copies> copies);
  void serve_manifest(const proto::ManifestRequest& request, const library::Content& content);
  void cancel(proto::RequestId request);
  void on_sent() {
    if (!idle()) pump(); // else nothing of this link has waited for it
  }
  void refuse(proto::RequestId request); // one more than may wait
  void stop();                           // the link is closed

  bool exempt() const { return local_ && limits_.lan_exempt; } // from the limits

  // For UploadSlots.
  std::size_t requests() const { return waiting_.size(); } // a manifest's are several
  bool waits() const { return !waiting_.empty(); }
  bool busy() const { return !images_.empty(); } // something is on its way
  swarm::Pace pace() const { return meter_.pace(); }
  bool proven() const { return meter_.proven(); }
  std::size_t address() const { return address_; } // as UploadSlots numbers them
  std::size_t held() const;                        // bytes of memory
  void look(io::Time now); // now and then, while something is on its way to somebody
  bool idle() const { return !waits() && !busy(); }
  std::uint64_t clock() const { return clock_; }
  swarm::Wish wish();
  bool read_next(); // what it wished for; false: no memory

 private:
  // A stretch of what was asked for, small enough for one image.
  struct Part {
    proto::RequestId request{};
    io::Time due{}; // it is not answered before
    ContentId content{};
    std::uint32_t offset = 0; // within what was asked for
    std::uint32_t length = 0;
    proto::ByteOffset at{};                    // chunk: where it stands in the content
    std::shared_ptr<const disk::Store> store;  // chunk
    std::shared_ptr<const proto::Bytes> bytes; // manifest
    ChunkIndex chunk{};                        // chunk, and how often it was sent
    std::shared_ptr<Copies> copies;

    std::uint32_t copy() const { return copies == nullptr ? 0 : copies->of(chunk); }
    io::Time earliest() const {
      return copy() == 0 ? due : std::max(due, copies->held_until(chunk));
    }
  };
  struct Image {
    Part part;
    std::shared_ptr<disk::Buffer> buffer;
    bool ready = false;
    bool cancelled = false;
    std::uint32_t sent = 0; // bytes of payload
    io::Job job;
  };

  bool enqueue(Part part); // false: it was refused
  void pump();
  std::pmr::deque<Part>::iterator next_part();
  void on_read(Image& image, const disk::Outcome& outcome);
  void put_back();
  void send_segments();
  void end_image();
  bool send_segment(Image& image);
  static disk::Outcome fill(const Part& part, proto::MutableView image);

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  Limits& limits_;
  UploadSlots& slots_;
  net::Session& session_;
  UploadsListener& listener_;
  std::pmr::deque<Part> waiting_{&io::recycled()};
  std::pmr::list<Image> images_{&io::recycled()}; // being read or sent, in order
  std::uint64_t clock_ = 0;                       // as swarm::Wish has it
  std::uint64_t sent_ = 0;                        // bytes of payload
  swarm::PaceMeter meter_;
  std::size_t address_;
  io::Timer allowed_; // by the limit
  io::Timer delayed_; // by the experiment
  const bool local_;  // of the own network
  bool stopped_ = false;
};

} // namespace p2pd::links
