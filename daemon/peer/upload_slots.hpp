// Shares out what this node sends: whose next chunk is read, among all links that wait for one.
// The rule is swarm::next_turn; here are the slots, the count of copies that the rule asks for, and
// the wait for memory. Loop thread only; outlives the Uploads that it serves.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/swarm/turns.hpp"
#include "proto/ids.hpp"

#include <map>

namespace p2pd::peer {

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
  explicit UploadSlots(disk::BufferPool& buffers)
      : memory_(buffers, io::bind<&UploadSlots::turn>(this)) {}

  void set_slots(std::size_t slots);

  void enter(Uploads& uploads) { all_.push_back(&uploads); }
  void leave(Uploads& uploads) { std::erase(all_, &uploads); }
  // Where the clock of one begins that waits for something again.
  std::uint64_t start_of_clock() const;
  // Who wants the content holds on to them.
  std::shared_ptr<Copies> copies_of(const ContentId& content, std::uint32_t chunks);

  void sent_chunk() { ++chunks_sent_; }

  std::size_t slots() const { return slots_; }
  std::size_t busy() const;    // of them
  std::size_t waiting() const; // requests, of all links
  std::uint64_t chunks_sent() const { return chunks_sent_; }

  // Something has changed: lets those go on whose turn it is.
  void turn();

 private:
  Uploads* next();

  std::size_t slots_ = 1;
  std::vector<Uploads*> waiting_;   // for next(): kept, as every segment that leaves asks for it
  std::vector<swarm::Wish> wishes_; // of those
  std::vector<Uploads*> all_;
  std::uint64_t chunks_sent_ = 0;
  std::map<ContentId, std::weak_ptr<Copies>> copies_;
  std::size_t sweep_at_ = 16; // so many of them: those that nobody holds are swept out
  disk::BufferPool::Waiter memory_;
};

} // namespace p2pd::peer
