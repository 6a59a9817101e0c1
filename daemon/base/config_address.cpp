#include "daemon/base/config_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <fmt/core.h>
#include <stdexcept>

namespace p2pd::base {

namespace {

constexpr std::size_t longest_host_name = 253; // RFC 1035, section 2.3.4, as text
constexpr std::size_t longest_label = 63;

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw std::invalid_argument(fmt::format(format, std::forward<Args>(args)...));
}

struct Split {
  std::string host;
  std::string port;
  bool bracketed;
};

// Cuts "host:port" or "[v6]:port"; `quoted` is the whole of what was written, for the errors.
Split split(std::string_view text, const std::string& quoted) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) fail("{} has no closing ]: write [::1]:7440", quoted);
    if (end + 1 == text.size()) fail("{0} has no port: write {1}:7440", quoted, text);
    if (text[end + 1] != ':') fail("{} has no : between ] and the port: write [::1]:7440", quoted);
    return {std::string(text.substr(1, end - 1)), std::string(text.substr(end + 2)), true};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    if (text.empty())
      fail("{} is empty: write an address and a port, such as 192.0.2.7:7440", quoted);
    fail("{} has no port: write {}:7440", quoted, proto::printable(text));
  }
  if (text.find(':') != colon)
    fail("{} holds several colons: an IPv6 address stands in brackets, [::1]:7440", quoted);
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)), false};
}

std::uint16_t parse_port(const std::string& digits, unsigned least, const std::string& quoted) {
  unsigned port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stop != end || port > 65535 || port < least)
    fail("{} has the port \"{}\": a port is a number from {} to 65535", quoted,
         proto::printable(digits), least);
  return static_cast<std::uint16_t>(port);
}

bool is_ipv4(const std::string& host) {
  in_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

// A zone ("fe80::1%eth0") names an interface; whether it exists is seen when the address is used.
bool is_ipv6(const std::string& host) {
  const std::size_t percent = host.find('%');
  in6_addr address;
  return percent != host.size() - 1 &&
         inet_pton(AF_INET6, host.substr(0, percent).c_str(), &address) == 1;
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > longest_host_name) return false;
  while (true) {
    const std::string_view label = host.substr(0, host.find('.'));
    const auto legal = [](unsigned char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    };
    if (label.empty() || label.size() > longest_label || !std::ranges::all_of(label, legal))
      return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
    if (host.empty()) return true; // the dot of a fully qualified name
  }
}

// The last label of a host name is never a number (RFC 3696, section 2): this was meant as IPv4.
bool looks_like_ipv4(std::string_view host) {
  return !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

HostPort parse_numeric(const Split& parts, unsigned least_port, const std::string& quoted) {
  if (parts.bracketed ? !is_ipv6(parts.host) : !is_ipv4(parts.host))
    fail("{} holds \"{}\", which is no {} address", quoted, proto::printable(parts.host),
         parts.bracketed ? "IPv6" : "IPv4");
  return {parts.host, parse_port(parts.port, least_port, quoted)};
}

} // namespace

HostPort parse_listen_address(std::string_view text) {
  const std::string quoted = '"' + proto::printable(text) + '"';
  const Split parts = split(text, quoted);
  if (parts.host.empty() || parts.host == "*")
    fail("{} names no address: write [::]:{} and 0.0.0.0:{} for all of them", quoted,
         proto::printable(parts.port), proto::printable(parts.port));
  if (!parts.bracketed && !looks_like_ipv4(parts.host))
    fail("{} holds a name: listen at an IP address, such as 127.0.0.1:7440", quoted);
  return parse_numeric(parts, 0, quoted);
}

HostPort parse_dial_address(std::string_view text) {
  const std::string quoted = '"' + proto::printable(text) + '"';
  const Split parts = split(text, quoted);
  if (parts.bracketed || looks_like_ipv4(parts.host)) {
    HostPort address = parse_numeric(parts, 1, quoted);
    if (address.host == "0.0.0.0" || address.host == "::")
      fail("{} cannot be dialled: write the address of one machine", quoted);
    return address;
  }
  if (!is_host_name(parts.host))
    fail("{} holds \"{}\", which is neither an IP address nor a host name", quoted,
         proto::printable(parts.host));
  return {parts.host, parse_port(parts.port, 1, quoted)};
}

TrackerAddress parse_tracker_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return {std::nullopt, parse_dial_address(text)};
  const auto pinned = proto::peer_id(text.substr(0, at));
  if (!pinned)
    fail("\"{}\" has no peer id before the @: one is 52 letters a-z and digits 2-7, as `p2pctl "
         "status` "
         "prints it",
         proto::printable(text));
  return {pinned, parse_dial_address(text.substr(at + 1))};
}

std::string to_text(const HostPort& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

std::string to_text(const TrackerAddress& address) {
  return address.pinned ? to_text(*address.pinned) + '@' + to_text(address.at)
                        : to_text(address.at);
}

bool is_loopback(const HostPort& address) {
  in6_addr v6;
  if (inet_pton(AF_INET6, address.host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return is_ipv4(address.host) && address.host.starts_with("127.");
}

} // namespace p2pd::base
