// TCP sockets as plain, non-blocking descriptors that the caller closes. Any thread.
//
// All of them start with Reno congestion control (RFC 5681), which does not pace what it sends;
// use_default_control() switches to the system's default. doc/decisions/0001 has the reason.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/path_info.hpp"

#include <chrono>

namespace p2pd::io {

// For a connection to `to`; the negative error on failure.
int tcp_socket(const Endpoint& to);

// Bound and listening. [::] is v6-only, so that it and 0.0.0.0 can listen on the same port. The
// address need not be one of this machine yet (ip(7), IP_FREEBIND). Throws std::system_error.
int listening_socket(const Endpoint& at);

void use_default_control(int socket);

// The longest pause before unacknowledged data is sent again (tcp(7), TCP_RTO_MAX_MS since Linux
// 6.15; older kernels keep doubling the pause), at least a second. The caller has to limit how long
// the other end may be silent: with short pauses the kernel would give up early.
void bound_retransmission(int socket, std::chrono::milliseconds longest);

// The maximum segment size in both directions, set before connecting (tcp(7), TCP_MAXSEG).
void limit_segments(int socket, int bytes);
PathInfo path_info(int socket); // of a connection

Endpoint local_endpoint(int socket);

} // namespace p2pd::io
