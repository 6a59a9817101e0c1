// BLAKE2b-256 of several 16 KiB leaves at once: lane l of every vector belongs to leaf l, so the
// rounds are those of RFC 7693 written once, on vectors in place of words.
//
// Written with the compiler's vector types instead of intrinsics: one source serves both widths,
// and both compilers generate the instructions one would pick by hand.
//
// This header is compiled with wider instruction sets than the rest of the program. Everything in
// it is therefore in an unnamed namespace, and it uses no function of the standard library: an
// inline function that both sides share could be linked from here and then run on a machine that
// lacks the instructions. Little-endian, as every machine that has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace p2pd::disk {
namespace {

constexpr std::uint64_t iv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

// RFC 7693, section 2.7; rounds 10 and 11 are rounds 0 and 1 again.
constexpr unsigned char sigma[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                         {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                         {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                         {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                         {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                         {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                         {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                         {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                         {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                         {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

// Specialisations: g++ loses a vector size that depends on a template parameter.
template <int Lanes>
struct Vectors;
template <>
struct Vectors<4> {
  using Word [[gnu::vector_size(32)]] = std::uint64_t;
  using Octets [[gnu::vector_size(32)]] = std::uint8_t;
};
template <>
struct Vectors<8> {
  using Word [[gnu::vector_size(64)]] = std::uint64_t;
  using Octets [[gnu::vector_size(64)]] = std::uint8_t;
};

template <int Lanes>
struct Kernel {
  using Word = typename Vectors<Lanes>::Word;
  using Octets = typename Vectors<Lanes>::Octets;

  static constexpr std::size_t leaf = 16 << 10;
  static constexpr std::size_t block = 128;

  static void hash_leaves(const std::uint8_t* leaves, std::uint8_t* hashes) {
    Word h[8];
    for (int i = 0; i < 8; ++i) h[i] = Word{} + iv[i];
    h[0] ^= 0x01010020;         // a digest of 32 bytes, no key, fanout 1, depth 1
    h[6] ^= 0x61656c2e64703270; // "p2pd.lea"
    h[7] ^= 0x66;               // "f"
    for (std::size_t at = 0; at < leaf; at += block) compress(h, leaves + at, at + block);
    for (int lane = 0; lane < Lanes; ++lane)
      for (int i = 0; i < 4; ++i) {
        const std::uint64_t word = h[i][lane];
        __builtin_memcpy(hashes, &word, 8);
        hashes += 8;
      }
  }

 private:
  template <int... Lane>
  using Indices = std::integer_sequence<int, Lane...>;
  using EachLane = std::make_integer_sequence<int, Lanes>;
  using EachOctet = std::make_integer_sequence<int, Lanes * 8>;

  static void compress(Word (&h)[8], const std::uint8_t* blocks, std::size_t end) {
    Word m[16];
    load(m, blocks);
    load(m + Lanes, blocks + sizeof(Word));
    if constexpr (Lanes == 4) {
      load(m + 8, blocks + 64);
      load(m + 12, blocks + 96);
    }
    Word v[16];
    for (int i = 0; i < 8; ++i) {
      v[i] = h[i];
      v[i + 8] = Word{} + iv[i];
    }
    v[12] ^= end;
    if (end == leaf) v[14] = ~v[14];
    rounds(v, m, std::make_integer_sequence<int, 12>());
    for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
  }

  template <int... Round>
  [[gnu::always_inline]] static void rounds(Word (&v)[16], const Word (&m)[16], Indices<Round...>) {
    (round<Round % 10>(v, m), ...);
  }

  template <int Round>
  [[gnu::always_inline]] static void round(Word (&v)[16], const Word (&m)[16]) {
    constexpr const unsigned char(&s)[16] = sigma[Round];
    mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
  }

  [[gnu::always_inline]] static void mix(Word& a, Word& b, Word& c, Word& d, const Word& x,
                                         const Word& y) {
    a = (a + x) + b;
    d = rotate<32>(d ^ a);
    c += d;
    b = rotate<24>(b ^ c);
    a = (a + y) + b;
    d = rotate<16>(d ^ a);
    c += d;
    b = rotate<63>(b ^ c);
  }

  // To the right. AVX-512 rotates by one instruction, which the compilers find; AVX2 does not, and
  // there whole octets are quicker moved by one shuffle than by two shifts.
  template <int Bits>
  [[gnu::always_inline]] static Word rotate(const Word& x) {
    if constexpr (Lanes == 4 && Bits % 8 == 0)
      return rotate_octets<Bits / 8>(__builtin_bit_cast(Octets, x), EachOctet());
    else
      return (x >> Bits) | (x << (64 - Bits));
  }

  template <int Octet, int... Index>
  [[gnu::always_inline]] static Word rotate_octets(const Octets& x, Indices<Index...>) {
    return __builtin_bit_cast(
        Word, __builtin_shufflevector(x, x, ((Index & ~7) | ((Index + Octet) & 7))...));
  }

  // The next Lanes words of every leaf, turned so that m[i] holds word i of each: a transposition
  // of Lanes x Lanes words, by exchanging blocks of 1, 2 and 4 words across the diagonal.
  [[gnu::always_inline]] static void load(Word* m, const std::uint8_t* blocks) {
    load(m, blocks, EachLane());
  }

  template <int... Lane>
  [[gnu::always_inline]] static void load(Word* m, const std::uint8_t* blocks, Indices<Lane...>) {
    (__builtin_memcpy(&m[Lane], blocks + Lane * leaf, sizeof(Word)), ...);
    (exchange<1, Lane>(m), ...);
    (exchange<2, Lane>(m), ...);
    if constexpr (Lanes == 8) (exchange<4, Lane>(m), ...);
  }

  template <int Distance, int Row>
  [[gnu::always_inline]] static void exchange(Word* m) {
    if constexpr ((Row & Distance) == 0) exchange<Distance>(m[Row], m[Row + Distance], EachLane());
  }

  template <int Distance, int... Lane>
  [[gnu::always_inline]] static void exchange(Word& upper, Word& lower, Indices<Lane...>) {
    const Word a = upper;
    const Word b = lower;
    upper =
        __builtin_shufflevector(a, b, ((Lane & Distance) != 0 ? Lanes + Lane - Distance : Lane)...);
    lower =
        __builtin_shufflevector(a, b, ((Lane & Distance) != 0 ? Lanes + Lane : Lane + Distance)...);
  }
};

} // namespace
} // namespace p2pd::disk
