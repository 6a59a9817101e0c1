// Reads msgpack that has one form only: each number, length and count in its shortest. Unlike
// codec.hpp it hands out values as they come and keeps none: the tokens of a manifest of a million
// entries take several times the manifest.
//
// Thread: any; a value. Views point into what is read. Errors: proto::Error, for another kind than
// the one that is due, another form, what is out of bounds, and what is cut off.
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
  // A number of so many bytes, which would not have fitted into a shorter form.
  std::uint64_t wide(std::size_t bytes, std::uint64_t least);

  View rest_;
};

} // namespace p2pd::proto
