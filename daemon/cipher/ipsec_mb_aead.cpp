#include "daemon/cipher/aead.hpp"

#include <algorithm>
#include <intel-ipsec-mb.h>
#include <sodium.h>

namespace p2pd::cipher {

namespace {

// The library's table of functions for this processor, made once and only read then. Null where it
// has too little of what the library needs.
IMB_MGR* functions() {
  static IMB_MGR* const made = [] {
    IMB_MGR* const manager = alloc_mb_mgr(0);
    if (manager != nullptr) init_mb_mgr_auto(manager, nullptr);
    const bool works = manager != nullptr && imb_get_errno(manager) == 0;
    return works ? manager : nullptr;
  }();
  return made;
}

class IpsecMbAead final : public Aead {
 public:
  ~IpsecMbAead() override {
    sodium_memzero(&key_, sizeof key_);
    sodium_memzero(&context_, sizeof context_);
  }

  void set_key(const noise::CipherKey& key) override {
    IMB_AES256_GCM_PRE(functions(), key.bytes.data(), &key_);
  }

  bool seal(const noise::Nonce& nonce, proto::MutableView out, proto::View plaintext) override {
    IMB_AES256_GCM_ENC(functions(), &key_, &context_, out.data(), plaintext.data(),
                       plaintext.size(), nonce.data(), nullptr, 0, out.data() + plaintext.size(),
                       noise::tag_size);
    return true;
  }

  bool open(const noise::Nonce& nonce, proto::MutableView out, proto::View sealed) override {
    const std::size_t size = sealed.size() - noise::tag_size;
    std::array<std::uint8_t, noise::tag_size> told;
    std::array<std::uint8_t, noise::tag_size> tag;
    std::ranges::copy(sealed.last(noise::tag_size), told.begin()); // `out` may lie over it
    IMB_AES256_GCM_DEC(functions(), &key_, &context_, out.data(), sealed.data(), size, nonce.data(),
                       nullptr, 0, tag.data(), tag.size());
    return sodium_memcmp(tag.data(), told.data(), tag.size()) == 0;
  }

 private:
  // The library stores vectors there, which its types do not say.
  alignas(64) gcm_key_data key_;
  alignas(64) gcm_context_data context_;
};

} // namespace

std::unique_ptr<Aead> ipsec_mb_aead(noise::Suite suite) {
  if (suite != noise::Suite::aes256_gcm || functions() == nullptr) return nullptr;
  return std::make_unique<IpsecMbAead>();
}

} // namespace p2pd::cipher
