#include "proto/canonical.hpp"

#include "proto/error.hpp"

#include <bit>
#include <limits>

namespace p2pd::proto {

namespace {

// First bytes, as msgpack has them.
constexpr std::uint8_t least_negative = 0xe0; // -32 to -1 in itself
constexpr std::uint8_t bin8 = 0xc4;
constexpr std::uint8_t uint8 = 0xcc;
constexpr std::uint8_t int8 = 0xd0;
constexpr std::uint8_t array16 = 0xdc;

constexpr const char* wrong_kind = "a field has the wrong type";
constexpr const char* wrong_form = "not in canonical form";

bool between(std::uint8_t value, std::uint8_t first, unsigned count) {
  return value >= first && value < first + count;
}

} // namespace

std::uint8_t CanonicalReader::next() {
  return take(1).front();
}

View CanonicalReader::take(std::size_t size) {
  if (size > rest_.size()) throw Error("cut-off msgpack");
  const View taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

std::uint64_t CanonicalReader::wide(std::size_t bytes, std::uint64_t least) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : take(bytes)) value = value << 8 | byte;
  if (value < least) throw Error(wrong_form);
  return value;
}

std::uint64_t CanonicalReader::natural(std::uint64_t max) {
  const std::uint8_t first = next();
  std::uint64_t value = first;
  if (between(first, uint8, 4)) {
    const std::size_t bytes = std::size_t{1} << (first - uint8);
    value = wide(bytes, bytes == 1 ? 0x80 : std::uint64_t{1} << bytes * 4);
  } else if (between(first, int8, 4)) {
    throw Error(wrong_form);
  } else if (first >= 0x80) {
    throw Error(wrong_kind);
  }
  if (value > max) throw Error("a number is out of range");
  return value;
}

std::int64_t CanonicalReader::integer() {
  if (rest_.empty()) throw Error("cut-off msgpack");
  const std::uint8_t first = rest_.front();
  if (first >= least_negative) return static_cast<std::int8_t>(next());
  if (!between(first, int8, 4))
    return static_cast<std::int64_t>(natural(std::numeric_limits<std::int64_t>::max()));
  next();
  const std::size_t bytes = std::size_t{1} << (first - int8);
  const std::uint64_t raw = wide(bytes, 0);
  const int unused = static_cast<int>(64 - bytes * 8);
  const auto value = std::bit_cast<std::int64_t>(raw << unused) >> unused; // with its sign
  const std::int64_t shorter = bytes == 1 ? -32 : -(std::int64_t{1} << (bytes * 4 - 1));
  if (value >= shorter) throw Error(wrong_form);
  return value;
}

View CanonicalReader::bin(std::size_t max_bytes) {
  const std::uint8_t first = next();
  if (!between(first, bin8, 3)) throw Error(wrong_kind);
  const std::size_t bytes = std::size_t{1} << (first - bin8);
  const std::uint64_t size = wide(bytes, bytes == 1 ? 0 : std::uint64_t{1} << bytes * 4);
  if (size > max_bytes) throw Error("a byte string is too long");
  return take(size);
}

std::size_t CanonicalReader::array(std::size_t max_elements) {
  const std::uint8_t first = next();
  std::uint64_t count = first & 0x0fU;
  if (between(first, array16, 2)) {
    const std::size_t bytes = std::size_t{2} << (first - array16);
    count = wide(bytes, bytes == 2 ? 0x10 : 0x10000);
  } else if (!between(first, 0x90, 16)) {
    throw Error(wrong_kind);
  }
  if (count > max_elements) throw Error("a list is too long");
  return count;
}

void CanonicalReader::array_of(std::size_t elements) {
  if (array(elements) != elements) throw Error("a field is missing");
}

void CanonicalReader::finish() const {
  if (!rest_.empty()) throw Error("surplus bytes after the value");
}

} // namespace p2pd::proto
