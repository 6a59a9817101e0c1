// Reads canonical msgpack: each number, length and count in its shortest form. Unlike codec.hpp it
// returns values as it reads and stores none: the tokens of a manifest of a million entries take
// several times the manifest.
//
// Thread: any; a value. Views point into the input. Errors: proto::Error for an unexpected type, a
// longer form, values out of bounds, and truncated input.
#pragma once

#include "proto/bytes.hpp"

#include <cstddef>

namespace p2pd::proto {

class CanonicalReader {
 public:
  explicit CanonicalReader(View bytes) : rest_(bytes) {}

  std::uint64_t natural(std::uint64_t max);
  std::int64_t integer();
  View bin(std::size_t max_bytes);
  std::size_t array(std::size_t max_elements);
  void array_of(std::size_t elements); // exactly so many

  std::size_t left() const { return rest_.size(); } // bytes
  void finish() const;                              // Error unless everything was read

 private:
  std::uint8_t next();
  View take(std::size_t size);
  // A number of so many bytes that does not fit into a shorter form.
  std::uint64_t wide(std::size_t bytes, std::uint64_t least);

  View rest_;
};

} // namespace p2pd::proto
