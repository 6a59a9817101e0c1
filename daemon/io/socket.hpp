// TCP sockets as plain descriptors, not blocking and the caller's to close. Any thread.
//
// All of them begin with Reno for their congestion control (RFC 5681), which does not pace what it
// sends; use_default_control() takes what the system has. BBR, if that is it, sets a timer for
// every 64 KiB wherever the queueing discipline does not pace for it, and never on loopback: that
// was a quarter of a seeder's processor time, and a connection that has begun so cannot leave it.
// Within a network of machines side by side it gains nothing.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/path_info.hpp"

#include <chrono>

namespace p2pd::io {

// To be connected to `to`; the negative error where there is none.
int tcp_socket(const Endpoint& to);

// Bound and listening. [::] is v6 only, so that it and 0.0.0.0 can listen on one port side by side.
// The address need not be one of this machine yet (ip(7), IP_FREEBIND): connections come once it
// is. Throws std::system_error.
int listening_socket(const Endpoint& at);

void use_default_control(int socket);

// What is not acknowledged is sent again after this long at most (tcp(7), TCP_RTO_MAX_MS of Linux
// 6.15; older ones go on to double the pause), a second at least. How long the other end may say
// nothing is for the caller to bound: with short pauses the kernel would give up early.
void bound_retransmission(int socket, std::chrono::milliseconds longest);

// No larger segments in either direction; before it is connected (tcp(7), TCP_MAXSEG).
void limit_segments(int socket, int bytes);
PathInfo path_info(int socket); // of a connection

Endpoint local_endpoint(int socket);

} // namespace p2pd::io
