// Shares out what this node sends: whose next chunk is read, among all links that wait for one.
// The rule is swarm::next_turn; here are the slots, the count of copies that the rule asks for, and
// the wait for memory. Loop thread only; outlives the Uploads that it serves.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/swarm/turns.hpp"
#include "proto/ids.hpp"

#include <map>

namespace p2pd::links {

using proto::ChunkIndex;
using proto::ContentId;

class Uploads;

// The copies of one content's chunks that were sent, since somebody has wanted it without a break.
class Copies final {
 public:
  explicit Copies(std::uint32_t chunks) : sent_(chunks) {}

  std::uint32_t of(ChunkIndex chunk) const { return sent_[number(chunk)]; }
  // While a copy is on its way, and as long again as it took, others who want the chunk wait: by
  // then it is to be had elsewhere.
  io::Time held_until(ChunkIndex chunk) const;
  void begin(ChunkIndex chunk);
  void end(ChunkIndex chunk, bool whole);

 private:
  struct Hold {
    io::Time begun;
    io::Time until;
  };
  std::vector<std::uint16_t> sent_;
  std::pmr::map<ChunkIndex, Hold> holds_{&io::recycled()};
};

class UploadSlots final {
 public:
  UploadSlots(io::Loop& loop, disk::BufferPool& buffers)
      : most_lingering_(buffers.limit() / 4)
      , look_(loop, io::bind<&UploadSlots::look>(this))
      , memory_(buffers, io::bind<&UploadSlots::turn>(this)) {}

  void set_slots(std::size_t slots);

  std::size_t enter(Uploads& uploads, const std::string& host); // the number of its address
  void leave(Uploads& uploads);
  // Where the clock of one begins that waits for something again.
  std::uint64_t start_of_clock() const;
  // Who wants the content holds on to them.
  std::shared_ptr<Copies> copies_of(const ContentId& content, std::uint32_t chunks);

  void sent_chunk() { ++chunks_sent_; }

  std::size_t slots() const { return slots_; }
  std::size_t busy() const;    // peers to which something is on its way
  std::size_t waiting() const; // requests, of all links
  std::uint64_t chunks_sent() const { return chunks_sent_; }

  // Something has changed: lets those go on whose turn it is.
  void turn();

 private:
  Uploads* next();
  void count_unproven();
  void look();

  const std::size_t most_lingering_; // bytes of memory, of those who are not of the usual pace
  std::size_t slots_ = 1;
  std::vector<Uploads*> waiting_;   // for next(): kept, as every segment that leaves asks for it
  std::vector<swarm::Wish> wishes_; // of those
  struct Address {
    std::string host;
    std::size_t links = 0;    // 0: the place is free
    std::size_t unproven = 0; // to which something is on its way; for next()
  };
  std::vector<Address> addresses_;
  std::vector<Uploads*> all_;
  std::uint64_t chunks_sent_ = 0;
  std::map<ContentId, std::weak_ptr<Copies>> copies_;
  std::size_t sweep_at_ = 16; // so many of them: those that nobody holds are swept out
  io::Timer look_;
  disk::BufferPool::Waiter memory_;
};

} // namespace p2pd::links
