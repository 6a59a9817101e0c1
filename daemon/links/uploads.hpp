// Serves one link with what the other side asked for, when UploadSlots says that it is its turn, as
// swarm::Server has decided.
//
//   request -> waiting_ -> turn -> [job: read into a bulk image] -> segments, as the socket drains
//
// A chunk is read once, into the memory from which it is sealed and sent. Little is read ahead of
// the socket, so what a slow reader costs is bounded by two images; all images come from the buffer
// pool. Loop thread only; owned by its Link.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/job.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/links/limits.hpp"
#include "daemon/links/upload_slots.hpp"
#include "daemon/net/session.hpp"

#include <list>
#include <map>

namespace p2pd::links {

class UploadsListener {
 public:
  virtual bool far() const = 0; // the other side is of another site
  virtual void on_unreadable(const ContentId& content, const disk::Fault& fault) = 0;
  // Others were sent the chunk of which the other side wants a first copy.
  virtual void on_elsewhere(const ContentId& content, proto::RequestId request) = 0;

 protected:
  ~UploadsListener() = default;
};

// What somebody is told who asks for what cannot be read: to ask again where this machine only
// lacks something, else that it is not here.
proto::Reason reason_of(const disk::Fault& fault);

class Uploads final {
 public:
  static constexpr std::size_t most_waiting = swarm::Server::most_waiting;

  Uploads(io::Loop& loop, disk::BufferPool& buffers, library::Openings& openings, Limits& limits,
          UploadSlots& slots, net::Session& session, UploadsListener& listener);
  ~Uploads() { slots_.leave(*this); }
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  // `copies`: of the chunks of this content; null where the other side never said that it wants it.
  void serve_chunk(const proto::Request& request, swarm::Copy copy,
                   const library::OpenContent& content, std::shared_ptr<swarm::Copies> copies);
  // A small one, from memory; and one of so many bytes, which is read in parts from the database: a
  // link that takes it slowly holds none of it.
  static constexpr std::size_t small_manifest = 128 * 1024;
  void serve_manifest(const proto::ManifestRequest& request,
                      std::shared_ptr<const proto::Bytes> bytes);
  void serve_manifest(const proto::ManifestRequest& request, std::size_t size);
  void cancel(proto::RequestId request);
  void on_sent() {
    if (!idle()) pump(); // else nothing of this link has waited for it
  }
  void refuse(proto::RequestId request); // one more than may wait
  void stop();                           // the link is closed

  bool exempt() const { return local_ && limits_.lan_exempt; } // from the limits

  bool idle() const { return waiting_.empty() && images_.empty(); }

  // For UploadSlots.
  void drop(std::uint64_t ticket); // one that waits
  void look(io::Time now);         // now and then, while something is on its way to somebody
  bool read(const swarm::Server::Turn& turn); // what it is the turn of; false: no memory

 private:
  // A stretch of what was asked for, small enough for one image.
  struct Part {
    proto::RequestId request{};
    ContentId content{};
    std::uint32_t offset = 0; // within what was asked for
    std::uint32_t length = 0;
    proto::ByteOffset at{};                    // chunk: where it stands in the content
    std::shared_ptr<const store::Store> store; // chunk
    std::shared_ptr<const proto::Bytes> bytes; // small manifest; neither: a part of a large one
  };
  struct Image {
    std::uint64_t ticket = 0;
    Part part;
    std::shared_ptr<disk::Buffer> buffer;
    bool ready = false;
    bool cancelled = false;
    std::uint32_t sent = 0; // bytes of payload
    io::Job job;
  };

  bool enqueue(Part part, swarm::Server::Request request); // false: it was refused
  void pump();
  void on_read(Image& image, const disk::Outcome& outcome);
  void bound_queue();
  void put_back();
  void send_segments();
  void end_image();
  bool send_segment(Image& image);
  template <class Use>
  void each_limit(Use&& use);
  bool may_send(std::uint32_t bytes); // by the limits, which count them then
  static disk::Outcome fill(const Part& part, proto::MutableView image);
  void read_manifest(Image& image);

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  library::Openings& openings_;
  Limits& limits_;
  UploadSlots& slots_;
  net::Session& session_;
  UploadsListener& listener_;
  std::uint64_t next_ticket_ = 0;
  std::pmr::map<std::uint64_t, Part> waiting_{&io::recycled()}; // by their tickets
  std::pmr::list<Image> images_{&io::recycled()};               // being read or sent, in order
  std::uint64_t sent_ = 0;                                      // bytes of payload
  swarm::Taker taker_{};
  std::uint32_t bound_ = 0; // of what may be queued, as the kernel knows it
  io::Timer allowed_;       // by the limit
  const bool local_;        // of the own network
  bool stopped_ = false;
  io::Alive<Uploads> alive_{this};
};

} // namespace p2pd::links
