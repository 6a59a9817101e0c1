// Who has one content, how much of it, and under which names. Most have all of it under one name,
// and cost 24 bytes: peers and names are known by their place in the catalog's indices, and only
// who has a part has a bitmap. How many have what is counted as they tell, not when it is asked,
// and chunk by chunk only among those who have a part.
//
// Kept in the order of addresses, which says nothing to anybody: it is found in a few steps, and
// costs nothing beside the entries. A value of the catalog, which calls peers and names by
// pointers that stay valid as long as somebody here uses them. Loop thread only.
#pragma once

#include "proto/chunk_copies.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>

namespace p2pd::tracker {

struct Holder; // a peer that has something
struct Label;  // a name that something has

class Holders final {
 public:
  struct Use { // of the content by a peer, under a name
    Holder* holder;
    Label* label;
    bool claim;
  };

  std::span<const Use> uses() const { return uses_; }
  std::span<const Use> uses_of(const Holder& holder) const; // none: it does not have it
  Use* find(const Holder& holder, const Label& label);
  bool enter(Holder& holder, Label& label); // whether that was new
  void leave(const Holder& holder);

  // What one has that has entered, in place of what was told before; nothing stands for all.
  // Whether it had a part, and has all of it now; likewise the next.
  bool told(const Holder& holder, std::optional<proto::ChunkSet> part);
  // Throws proto::Error for a chunk that the content does not have.
  bool gained(const Holder& holder, std::span<const proto::ChunkIndex> chunks, std::uint32_t of);

  bool empty() const { return uses_.empty(); }
  std::uint32_t whole() const { return holders_ - static_cast<std::uint32_t>(parts_.size()); }
  std::uint32_t partial() const { return partial_; } // have some, and not all
  std::uint32_t rarest() const;                      // copies of the chunk that fewest have
  // One of those that fewest have among who has a part, the `chance`-th of them, however many
  // there are; nothing where nobody has a part.
  std::optional<proto::ChunkIndex> rare_chunk(std::size_t chance) const;
  std::size_t bytes_of(const Holder& holder) const; // of memory that it takes here, about

  // Null: it has all of it, or none.
  const proto::ChunkSet* part_of(const Holder& holder) const;
  // Calls take(holder, part) for each; `part` is null where it has all of it.
  template <class Take>
  void each(Take&& take) const {
    const Holder* last = nullptr;
    for (const auto& [holder, label, claim] : uses_) {
      if (holder == last) continue;
      last = holder;
      take(*holder, part_of(*holder));
    }
  }

 private:
  using Parts = std::map<const Holder*, proto::ChunkSet>;
  bool forget_part(const Holder& holder); // false: there was none

  std::vector<Use> uses_;
  Parts parts_;                                // of those who have not all of it
  std::unique_ptr<proto::ChunkCopies> copies_; // in these; null: there are none
  std::uint32_t holders_ = 0;
  std::uint32_t partial_ = 0;
};

} // namespace p2pd::tracker
