// invite, join, connect, disconnect, kick, ban, unban and bans: who belongs to the network.
#pragma once

#include "proto/control/commands/nodes.hpp"

namespace p2pd::proto::table {

inline constexpr std::array invitation_fields{
    Field{.name = "token", .meaning = "the join token"},
    Field{.name = "addresses", .type = address, .list = true, .meaning = "addresses in the token"},
    warning};
inline constexpr Record invitation{invitation_fields};
inline constexpr std::array invite_examples{
    Example{"p2pctl invite", "print a token for p2pctl join on the new machine"}};

inline constexpr std::array token_arguments{
    Parameter{.name = "token",
              .help = "token printed by \"p2pctl invite\", or - to read it",
              .required = true}};
inline constexpr std::array join_examples{
    Example{"p2pctl join -", "read the token from stdin, which keeps it out of the history"}};

inline constexpr std::array tracker_arguments{
    Parameter{.name = "tracker", .help = "HOST:PORT or PEERID@HOST:PORT", .required = true}};
inline constexpr std::array connect_examples{
    Example{"p2pctl connect tracker.example:7450", "add a second tracker of the same network"}};

inline constexpr std::array any_tracker_arguments{
    Parameter{.name = "tracker", .help = "address or prefix of the id; default: all trackers"}};
inline constexpr std::array dropped_fields{
    Field{.name = "address", .type = address, .meaning = "the tracker's address"},
    Field{.name = "id", .type = peer_id, .null = "it was never known", .meaning = "its id"}};
inline constexpr Record dropped{dropped_fields};
inline constexpr std::array disconnected_fields{Field{.name = "trackers",
                                                      .type = object,
                                                      .list = true,
                                                      .record = &dropped,
                                                      .meaning = "dropped trackers"},
                                                warning};
inline constexpr Record disconnected{disconnected_fields};
inline constexpr std::array disconnect_examples{
    Example{"p2pctl disconnect tracker.example:7450", "stop registering with this tracker"}};

constexpr std::array<Field, 3> moderated(std::span<const std::string_view> states) {
  return {Field{.name = "name", .meaning = "the peer's name; \"\" if it is not known"},
          Field{.name = "id", .type = peer_id, .meaning = "its id"},
          Field{.name = "state", .type = word, .words = states, .meaning = "new state"}};
}
inline constexpr std::array<std::string_view, 1> kicked_states{"kicked"};
inline constexpr std::array kicked_fields = moderated(kicked_states);
inline constexpr Record kicked{kicked_fields};
inline constexpr std::array kick_examples{
    Example{"p2pctl kick build-07", "close its link; it will dial again"}};
inline constexpr std::array<std::string_view, 1> banned_states{"banned"};
inline constexpr std::array banned_fields = moderated(banned_states);
inline constexpr Record banned{banned_fields};
inline constexpr std::array ban_examples{
    Example{"p2pctl ban build-07", "exclude it, here and at all peers"}};
inline constexpr std::array<std::string_view, 1> allowed_states{"allowed"};
inline constexpr std::array allowed_fields = moderated(allowed_states);
inline constexpr Record allowed{allowed_fields};
inline constexpr std::array unban_examples{Example{"p2pctl unban build-07", "admit it again"}};

inline constexpr std::array ban_fields{
    Field{.name = "name", .meaning = "the peer's name; \"\" if it is not known"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "since", .type = time, .meaning = "when it was banned"},
    Field{.name = "by",
          .type = peer_id,
          .only = "on a peer",
          .meaning = "id of the tracker that banned it"}};
inline constexpr Record ban{ban_fields};
inline constexpr std::array bans_fields{
    Field{.name = "bans", .type = object, .list = true, .record = &ban, .meaning = "banned peers"}};
inline constexpr Record bans_result{bans_fields};
inline constexpr std::array bans_examples{
    Example{"p2pctl bans", "which peers this tracker excludes"}};

inline constexpr std::array membership_commands{
    Command{.name = "invite",
            .runs = on_tracker,
            .summary = "print a token that makes a machine a member",
            .examples = invite_examples,
            .result = &invitation},
    Command{.name = "join",
            .runs = on_peer,
            .summary = "become a member of a tracker's network",
            .arguments = token_arguments,
            .examples = join_examples,
            .result = &tracker},
    Command{.name = "connect",
            .runs = on_peer,
            .summary = "add a tracker of the same network",
            .arguments = tracker_arguments,
            .examples = connect_examples,
            .result = &tracker},
    Command{.name = "disconnect",
            .runs = on_peer,
            .summary = "drop a tracker, or all of them",
            .arguments = any_tracker_arguments,
            .examples = disconnect_examples,
            .result = &disconnected},
    Command{.name = "kick",
            .runs = on_tracker,
            .summary = "close the link to a peer, which may come back",
            .arguments = one_peer,
            .examples = kick_examples,
            .result = &kicked},
    Command{.name = "ban",
            .runs = on_tracker,
            .summary = "exclude a peer, here and at all peers",
            .arguments = one_peer,
            .examples = ban_examples,
            .result = &banned},
    Command{.name = "unban",
            .runs = on_tracker,
            .summary = "admit a banned peer again",
            .arguments = one_peer,
            .examples = unban_examples,
            .result = &allowed},
    Command{.name = "bans",
            .runs = on_both,
            .summary = "list banned peers, and by which tracker",
            .examples = bans_examples,
            .access = Access::read,
            .result = &bans_result}};

} // namespace p2pd::proto::table
