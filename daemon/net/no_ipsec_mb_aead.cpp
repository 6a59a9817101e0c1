#include "daemon/net/aead.hpp"

namespace p2pd::net {

std::unique_ptr<Aead> ipsec_mb_aead(noise::Suite) {
  return nullptr;
}

} // namespace p2pd::net
