// Writing without the zeros: long runs of them are left as holes, or made so where other bytes or
// reserved space were. What is not zeros is written as it is, in as few calls as before.
//
// Thread: any. Units: bytes. Errors: an errno value, 0 where it is written.
#pragma once

#include "proto/bytes.hpp"

namespace p2pd::store {

// Not every page of zeros: a file of many short holes takes as much in its list of extents, and is
// read more slowly. At the ends of what is written at once a page is enough, as the run may go on.
constexpr std::size_t hole_page = 4 << 10;
constexpr std::size_t least_hole = 16 << 10;

struct ByteRun {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const ByteRun&) const = default;
};
// Pure: the first run of zeros that is to be a hole, in whole pages of the file, among `bytes` from
// `from` on, which lie at `at` in the file. At the end, and empty, where there is none. Of a page
// that is not zeros it reads as little as tells so.
ByteRun next_zeros(proto::View bytes, std::uint64_t at, std::size_t from);

// All of it, however often that is interrupted. `left_out`: grows by what became holes.
int write_sparsely(int file, std::uint64_t at, proto::View bytes, std::uint64_t& left_out);

// How much of the range takes no space and reads as zeros, as far as the file system tells.
std::uint64_t holes_in(int file, std::uint64_t at, std::uint64_t length);

} // namespace p2pd::store
