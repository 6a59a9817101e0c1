// Serves one link: what the other side asked for, in the order in which it asked.
//
//   request -> waiting_ -> [job: read into a bulk image] -> ready_ -> segments, as the socket
//   drains
//
// A chunk is read once, into the memory from which it is sealed and sent. Little is read ahead of
// the socket, so what a slow reader costs is bounded by two images; all images come from the buffer
// pool. Loop thread only; owned by its Link.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/job.hpp"
#include "daemon/net/session.hpp"
#include "daemon/peer/library.hpp"
#include "daemon/peer/limits.hpp"

#include <deque>
#include <list>

namespace p2pd::peer {

class UploadsListener {
 public:
  virtual void on_unreadable(const ContentId& content, const disk::Fault& fault) = 0;

 protected:
  ~UploadsListener() = default;
};

class Uploads final {
 public:
  Uploads(io::Loop& loop, disk::BufferPool& buffers, Limits& limits, net::Session& session,
          UploadsListener& listener);
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  void serve_chunk(const proto::Request& request, const Content& content);
  void serve_manifest(const proto::ManifestRequest& request, const Content& content);
  void cancel(proto::RequestId request);
  void on_sent() { pump(); }
  void stop(); // the link is closed

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
  };
  struct Image {
    Part part;
    std::shared_ptr<disk::Buffer> buffer;
    bool ready = false;
    bool cancelled = false;
    std::uint32_t sent = 0; // bytes of payload
    io::Job job;
  };

  void enqueue(Part part);
  void pump();
  void read_ahead();
  void on_read(Image& image, const disk::Outcome& outcome);
  void send_segments();
  bool send_segment(Image& image);
  static disk::Outcome fill(const Part& part, proto::MutableView image);

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  Limits& limits_;
  net::Session& session_;
  UploadsListener& listener_;
  std::deque<Part> waiting_;
  std::list<Image> images_; // being read or sent, in order
  disk::BufferPool::Waiter memory_;
  io::Timer allowed_; // by the limit
  io::Timer delayed_; // by the experiment
  bool stopped_ = false;
};

} // namespace p2pd::peer
