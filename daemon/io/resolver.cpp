#include "daemon/io/resolver.hpp"

#include "daemon/io/error.hpp"

#include <netdb.h>

namespace p2pd::io {

namespace {

struct Answer {
  std::vector<Endpoint> endpoints;
  std::error_code failure;
};

class NameCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "resolver"; }
  std::string message(int code) const override { return gai_strerror(code); }
};

const NameCategory names;

Answer ask(const base::HostPort& name) {
  if (const auto literal = Endpoint::from(name)) return {{*literal}, {}};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(name.host.c_str(), std::to_string(name.port).c_str(), &hints, &list);
  if (code != 0) return {{}, {code, names}};
  Answer answer;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next)
    if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
      answer.endpoints.emplace_back(*at->ai_addr);
  freeaddrinfo(list);
  return answer;
}

} // namespace

void Resolver::look_up(const base::HostPort& name) {
  job_ = run(
      loop_, [name] { return ask(name); },
      [this](Answer answer) { found_(std::move(answer.endpoints), answer.failure); });
}

std::vector<Endpoint> interface_addresses(std::uint16_t port) {
  uv_interface_address_t* list = nullptr;
  int count = 0;
  std::vector<Endpoint> endpoints;
  if (uv_interface_addresses(&list, &count) < 0) return endpoints;
  for (int i = 0; i < count; ++i) {
    sockaddr_in6 address = list[i].address.address6; // large enough for either family
    address.sin6_port = htons(port);
    endpoints.emplace_back(reinterpret_cast<const sockaddr&>(address));
  }
  uv_free_interface_addresses(list, count);
  return endpoints;
}

} // namespace p2pd::io
