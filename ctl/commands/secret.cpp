// secret new: 32 random bytes as 64 hex digits, what [network] secret_file holds.
#include "ctl/commands/commands.hpp"

#include "ctl/base/failure.hpp"

#include <array>
#include <sodium.h>

namespace p2pd::ctl {

proto::Value new_secret(const proto::Value&) {
  if (::sodium_init() < 0)
    throw Failure(proto::ExitCode::failed, "the system provides no random numbers");
  std::array<std::uint8_t, 32> secret{};
  ::randombytes_buf(secret.data(), secret.size());
  proto::Value answer{{"secret", proto::hex(secret)}};
  ::sodium_memzero(secret.data(), secret.size());
  return answer;
}

std::string render_secret(Answers answers, const Style&) {
  return answers.front()["secret"].text() + '\n';
}

} // namespace p2pd::ctl
