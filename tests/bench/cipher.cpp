// How fast each library seals and opens records on one core, in place as the daemon does it. In
// processor time, so that what else runs on the machine counts little.
//
//   cipher [RECORD_BYTES]      32 KiB of payload when none is given
#include "daemon/cipher/record_cipher.hpp"
#include "daemon/net/bulk_image.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sodium.h>

namespace {

using namespace p2pd;
using cipher::Library;
using cipher::RecordCipher;
using proto::noise::CipherState;
using proto::noise::Suite;

constexpr std::size_t working_set = 8U << 20; // more than a core's own caches
constexpr int rounds = 20;

struct Contender {
  const char* name;
  Suite suite;
  Library library;
  std::unique_ptr<cipher::Aead> aead() const { return cipher::aead(suite, library); }
  double seal = 0, open = 0; // GB/s of the best round: what disturbed the others is not this
};

double processor_seconds() {
  timespec time;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Calls pass(record) for each record of the image; GB of payload a second.
template <class Pass>
double rate(proto::Bytes& image, std::size_t slot, const Pass& pass) {
  const std::size_t records = image.size() / slot;
  const double begin = processor_seconds();
  for (std::size_t i = 0; i < records; ++i)
    if (!pass(proto::MutableView(image).subspan(i * slot, slot))) std::abort();
  const double taken = processor_seconds() - begin;
  return static_cast<double>(records * (slot - net::record_tag)) / taken / 1e9;
}

void run(Contender& contender, proto::Bytes& image, std::size_t slot) {
  RecordCipher sealer(CipherState({}), contender.suite, contender.aead());
  RecordCipher opener(CipherState({}), contender.suite, contender.aead());
  const std::size_t payload = slot - net::record_tag;
  const auto seal = [&](proto::MutableView record) {
    return sealer.seal(record, record.first(payload));
  };
  const auto open = [&](proto::MutableView record) { return opener.open(record, record); };
  contender.seal = std::max(contender.seal, rate(image, slot, seal));
  contender.open = std::max(contender.open, rate(image, slot, open));
}

} // namespace

int main(int argc, char** argv) {
  const std::size_t payload = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : net::bulk_payload;
  if (sodium_init() < 0 || payload == 0 || payload > proto::noise::max_plaintext) {
    std::fprintf(stderr, "usage: cipher [RECORD_BYTES, from 1 to %zu]\n",
                 proto::noise::max_plaintext);
    return 2;
  }
  const std::size_t slot = payload + net::record_tag;
  proto::Bytes image(working_set - working_set % slot);
  randombytes_buf(image.data(), image.size());

  std::array contenders{
      Contender{"ChaCha20-Poly1305, libsodium", Suite::chacha20_poly1305, Library::sodium},
      Contender{"ChaCha20-Poly1305, libcrypto", Suite::chacha20_poly1305, Library::libcrypto},
      Contender{"AES-256-GCM, libsodium", Suite::aes256_gcm, Library::sodium},
      Contender{"AES-256-GCM, libcrypto", Suite::aes256_gcm, Library::libcrypto},
      Contender{"AES-256-GCM, intel-ipsec-mb", Suite::aes256_gcm, Library::ipsec_mb}};
  // In turns, so that a change of the machine's pace meets all of them alike.
  for (int round = 0; round < rounds; ++round)
    for (Contender& contender : contenders)
      if (contender.aead() != nullptr) run(contender, image, slot);

  for (const Contender& contender : contenders)
    if (contender.aead() != nullptr)
      std::printf("%-28s seal %6.2f GB/s, open %6.2f GB/s %6.2fx\n", contender.name, contender.seal,
                  contender.open, contender.seal / contenders[0].seal);
    else
      std::printf("%-28s not here\n", contender.name);
}
