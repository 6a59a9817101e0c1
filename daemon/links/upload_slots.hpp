// Shares out what this node sends: whose next chunk is read, among all links that wait for one.
// What swarm::Server decides is done here: the timers that it asks for, and the wait for memory.
// Loop thread only; outlives the Uploads that it serves.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/swarm/server.hpp"
#include "proto/ids.hpp"

#include <map>

namespace p2pd::links {

using proto::ChunkIndex;
using proto::ContentId;

class Uploads;

class UploadSlots final {
 public:
  UploadSlots(io::Loop& loop, disk::BufferPool& buffers)
      : server_(buffers.limit() / 4)
      , look_(loop, io::bind<&UploadSlots::look>(this))
      , again_(loop, io::bind<&UploadSlots::turn>(this))
      , memory_(buffers, io::bind<&UploadSlots::turn>(this)) {}

  void set_slots(std::size_t slots);

  swarm::Taker enter(Uploads& uploads, const std::string& host);
  void leave(Uploads& uploads);
  swarm::Server& server() { return server_; }
  // Who wants the content holds on to them.
  std::shared_ptr<swarm::Copies> copies_of(const ContentId& content, std::uint32_t chunks);

  // It is being sent from now on, as swarm::Server has it.
  void begin(const swarm::Server::Turn& turn, std::uint64_t sent, std::uint64_t given);
  void sent_chunk() { ++chunks_sent_; }

  std::size_t slots() const { return server_.slots(); }
  std::size_t busy() const { return server_.busy(); } // peers to which something is on its way
  std::size_t waiting() const { return server_.waiting(); } // requests, of all links
  std::uint64_t chunks_sent() const { return chunks_sent_; }

  // Something has changed: lets those go on whose turn it is.
  void turn();

 private:
  void look();
  void look_soon();

  swarm::Server server_;
  std::map<swarm::Taker, Uploads*> uploads_;
  std::uint64_t chunks_sent_ = 0;
  std::map<ContentId, std::weak_ptr<swarm::Copies>> copies_;
  std::size_t sweep_at_ = 16; // so many of them: those that nobody holds are swept out
  io::Timer look_;
  io::milliseconds wait_{}; // of look_
  io::Timer again_;         // something that waits is due then
  disk::BufferPool::Waiter memory_;
};

} // namespace p2pd::links
