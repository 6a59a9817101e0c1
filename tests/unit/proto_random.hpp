// Random values for every field type and message, within the bounds of their types: whatever this
// makes, encoding takes and decoding gives back. Text is not always UTF-8, since the wire does not
// ask for it.
#pragma once

#include "proto/message.hpp"

#include <random>

namespace p2pd::proto {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

  // Every width alike, so that each msgpack form is met.
  std::uint64_t number(std::uint64_t max) {
    const std::uint64_t value = engine_() >> below(64);
    return max == std::numeric_limits<std::uint64_t>::max() ? value : value % (max + 1);
  }

  std::string bytes(std::size_t max) {
    std::string out(number(max), '\0');
    for (char& c : out) c = static_cast<char>(engine_());
    return out;
  }

 private:
  std::mt19937_64 engine_;
};

inline void fill(Random& random, bool& value) {
  value = random.below(2) != 0;
}
template <std::unsigned_integral T>
void fill(Random& random, T& value) {
  value = static_cast<T>(random.number(std::numeric_limits<T>::max()));
}
template <OpenEnum T>
void fill(Random& random, T& value) {
  value = static_cast<T>(random.number(std::numeric_limits<std::underlying_type_t<T>>::max()));
}
template <ClosedEnum T>
void fill(Random& random, T& value) {
  value = static_cast<T>(random.below(static_cast<std::uint64_t>(T::last) + 1));
}
template <class Tag>
void fill(Random& random, Id<Tag>& value) {
  for (std::uint8_t& byte : value.bytes) byte = static_cast<std::uint8_t>(random.below(256));
}
template <std::size_t Max>
void fill(Random& random, Text<Max>& value) {
  value = random.bytes(Max);
}
template <std::size_t Max>
void fill(Random& random, Raw<Max>& value) {
  value = random.bytes(Max);
}
inline void fill(Random& random, Name& value) {
  do value.bytes = random.bytes(Name::max);
  while (!valid_name(value.bytes));
}
inline void fill(Random& random, Bitmap& value) {
  const std::string bits = random.bytes(64);
  value.bits.assign(bits.begin(), bits.end());
}
template <class T, std::size_t Max>
void fill(Random& random, List<T, Max>& list);

// The numbers that a struct's check() ties together.
inline void mend(Random& random, std::uint64_t& size, std::uint32_t& chunk_size) {
  chunk_size = min_chunk_size << random.below(9);
  size = random.number(std::uint64_t{max_chunks} * chunk_size);
}
template <class T>
void mend(Random& random, T& value) {
  if constexpr (std::same_as<T, Segment>) value.length = 1 + value.length % max_segment;
  if constexpr (std::same_as<T, ManifestSize>) value.size = 1 + value.size % max_manifest;
  if constexpr (requires { value.chunk_size; }) mend(random, value.size, value.chunk_size);
}

template <Struct T>
void fill(Random& random, T& value) {
  std::apply([&](auto&... field) { (fill(random, field), ...); }, T::fields(value));
  mend(random, value);
}

// Mostly short, so that a message with lists of lists stays below a frame.
template <class T, std::size_t Max>
void fill(Random& random, List<T, Max>& list) {
  list.resize(random.number(std::min<std::size_t>(Max, 20)));
  for (T& element : list) fill(random, element);
}

// A message of random fields.
struct Sample {
  unsigned type;
  std::string_view title;
  std::vector<Bytes> fields; // each as it is encoded
};

template <class T>
Bytes encoding(const T& field) {
  Bytes out;
  Encoder encoder(out);
  put(encoder, field);
  return out;
}

template <class M>
Sample sample(Random& random) {
  M message;
  fill(random, message);
  Sample out{M::type, M::title, {}};
  std::apply([&](const auto&... field) { (out.fields.push_back(encoding(field)), ...); },
             M::fields(message));
  return out;
}

// One of every type there is.
template <class... M>
std::vector<Sample> samples(Random& random, std::variant<M...>*) {
  std::vector<Sample> all;
  (all.push_back(sample<M>(random)), ...);
  return all;
}
inline std::vector<Sample> samples(Random& random) {
  return samples(random, static_cast<AnyMessage*>(nullptr));
}

} // namespace p2pd::proto
