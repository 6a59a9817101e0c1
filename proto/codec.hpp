// Bounded msgpack. The encoder appends to a byte string; the decoder turns one value into a flat
// list of tokens in a single pass and then hands them out in order.
//
// Why tokens and not msgpack-c's object tree: its unpacker allocates what a header claims before
// reading the elements, and its limits are per container. Here a token is stored only for what was
// actually read, so memory is bounded by the size of the input, and the list is reused.
//
// Thread: any, one decoder at a time. Views handed out point into the decoded bytes.
#pragma once

#include "proto/bytes.hpp"

#include <cstddef>
#include <limits>
#include <memory>

namespace p2pd::proto {

class Encoder {
 public:
  explicit Encoder(Bytes& out) : out_(out) {}

  void nil();
  void boolean(bool value);
  void integer(std::int64_t value);
  void natural(std::uint64_t value);
  void real(double value);
  void str(std::string_view value);
  void bin(View value);
  void array(std::size_t elements);
  void map(std::size_t pairs);

 private:
  Bytes& out_;
};

class Decoder {
 public:
  enum class Kind : std::uint8_t {
    nil,
    boolean,
    natural,
    negative,
    real,
    str,
    bin,
    array,
    map,
    end
  };
  struct Limits {
    std::size_t tokens = 65'536;
    std::size_t depth = 8;
  };

  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Reads `bytes` as exactly one msgpack value. Throws Error on malformed, truncated or surplus
  // bytes, on extension types, and beyond the limits.
  void open(View bytes, Limits limits);
  void open(View bytes) { open(bytes, Limits{}); }

  // The next token, which must be of the kind named; Error otherwise.
  bool boolean();
  std::uint64_t natural(std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
  std::int64_t integer();
  double real();
  std::string_view str(std::size_t max_bytes);
  View bin(std::size_t max_bytes);
  std::size_t array(std::size_t max_elements);
  void array_of(std::size_t elements); // exactly so many
  std::size_t map(std::size_t max_pairs);
  void nil();

  Kind peek() const;   // end once everything was taken
  void finish() const; // Error unless everything was taken

 private:
  struct Token {
    Kind kind;
    std::uint64_t number = 0;   // the value, or a container's count; a double's or integer's bits
    const char* data = nullptr; // str and bin: the bytes, `number` of them
  };
  class Visitor;
  struct Parser;

  const Token& take(Kind kind);

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  const std::unique_ptr<Parser> parser_;
};

} // namespace p2pd::proto
