#include "daemon/cipher/aead.hpp"

namespace p2pd::cipher {

std::unique_ptr<Aead> ipsec_mb_aead(noise::Suite) {
  return nullptr;
}

} // namespace p2pd::cipher
