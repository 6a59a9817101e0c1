// How fast each path hashes chunks on one core, beside libsodium's plain BLAKE2b-256 over the same
// bytes in the same run. In processor time, so that what else runs on the machine counts little.
//
//   digest [CHUNK_BYTES]      512 KiB when none is given
#include "daemon/disk/digest.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sodium.h>

namespace {

using namespace p2pd;

constexpr std::size_t working_set = 16U << 20; // more than a core's own caches
constexpr int rounds = 20;

struct Contender {
  const char* name;
  bool runs;
  proto::Digest (*hash)(proto::View);
  double best = 0; // GB/s of the best round: what disturbed the others is not this program
};

proto::Digest plain(proto::View bytes) {
  proto::Digest digest;
  crypto_generichash_blake2b(digest.bytes.data(), digest.bytes.size(), bytes.data(), bytes.size(),
                             nullptr, 0);
  return digest;
}

template <disk::Path path>
proto::Digest tree(proto::View bytes) {
  return disk::chunk_hash(bytes, path);
}

double processor_seconds() {
  timespec time;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void run(Contender& contender, proto::View bytes, std::size_t chunk) {
  const double begin = processor_seconds();
  for (; bytes.size() >= chunk; bytes = bytes.subspan(chunk)) {
    const proto::Digest digest = contender.hash(bytes.first(chunk));
    asm volatile("" : : "r"(digest.bytes.data()) : "memory"); // a result that somebody reads
  }
  const double taken = processor_seconds() - begin;
  const auto hashed = static_cast<double>(working_set - working_set % chunk);
  contender.best = std::max(contender.best, hashed / taken / 1e9);
}

} // namespace

int main(int argc, char** argv) {
  const std::size_t chunk = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 512 * 1024;
  if (sodium_init() < 0 || chunk == 0 || chunk > working_set) {
    std::fprintf(stderr, "usage: digest [CHUNK_BYTES, from 1 to %zu]\n", working_set);
    return 2;
  }
  constexpr std::align_val_t page{4096}; // as the daemon's buffers are
  auto* const memory = static_cast<std::uint8_t*>(::operator new(working_set, page));
  randombytes_buf(memory, working_set);

  using disk::Path;
  std::array contenders{
      Contender{"libsodium, plain BLAKE2b", true, plain},
      Contender{"tree, libsodium by the leaf", true, tree<Path::scalar>},
      Contender{"tree, 4 lanes (AVX2)", disk::supported(Path::lanes4), tree<Path::lanes4>},
      Contender{"tree, 8 lanes (AVX-512)", disk::supported(Path::lanes8), tree<Path::lanes8>}};
  // In turns, so that a change of the machine's pace meets all of them alike.
  for (int round = 0; round < rounds; ++round)
    for (Contender& contender : contenders)
      if (contender.runs) run(contender, {memory, working_set}, chunk);

  for (const Contender& contender : contenders)
    if (contender.runs)
      std::printf("%-28s %6.2f GB/s %6.2fx\n", contender.name, contender.best,
                  contender.best / contenders[0].best);
    else
      std::printf("%-28s not on this machine\n", contender.name);
  ::operator delete(memory, page);
}
