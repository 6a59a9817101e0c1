// verify, limit and delay: what this peer has on disk, and how fast it sends and receives.
#pragma once

#include "proto/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array verified_fields =
    joined(content_fields, chunk_fields,
           std::array{Field{.name = "bad_chunks",
                            .type = integer,
                            .meaning = "how many are damaged: 0, as the command fails otherwise"},
                      Field{.name = "path", .meaning = "where it lies"}});
inline constexpr Record verified{verified_fields};
inline constexpr std::array<std::string_view, 1> verify_stages{"verify"};
inline constexpr std::array verifying_fields = joined(
    std::array{Field{
        .name = "stage", .type = word, .words = verify_stages, .meaning = "what is under way"}},
    progress_fields);
inline constexpr Record verifying{verifying_fields};
inline constexpr std::array verify_examples{
    Example{"p2pctl verify debian.iso", "read it all again and compare it with its hashes"}};

inline constexpr std::array limit_options{
    Parameter{.name = "up", .kind = Kind::rate, .help = "send at most so much; 0 = no limit"},
    Parameter{.name = "down", .kind = Kind::rate, .help = "receive at most so much; 0 = no limit"}};
inline constexpr std::array limits_fields{Field{.name = "up",
                                                .type = integer,
                                                .unit = Unit::bytes_per_second,
                                                .meaning = "maximum upload rate; 0 = no limit"},
                                          Field{.name = "down",
                                                .type = integer,
                                                .unit = Unit::bytes_per_second,
                                                .meaning = "maximum download rate; 0 = no limit"}};
inline constexpr Record limits{limits_fields};
inline constexpr std::array limit_examples{
    Example{"p2pctl limit", "show what is in force"},
    Example{"p2pctl limit --up 5MB/s --down 0", "for office hours"}};

inline constexpr std::array delay_arguments{Parameter{
    .name = "delay", .kind = Kind::duration, .help = "such as 300ms; 0 = none", .required = true}};
inline constexpr std::array delayed_fields{Field{.name = "delay_ms",
                                                 .type = integer,
                                                 .unit = Unit::milliseconds,
                                                 .meaning = "how late requests are answered"}};
inline constexpr Record delayed{delayed_fields};
inline constexpr std::array delay_examples{
    Example{"p2pctl delay 300ms", "see how fetchers prefer the others"}};

inline constexpr std::array tuning_commands{
    Command{.name = "verify",
            .runs = on_peer,
            .summary = "hash what is on disk again, chunk by chunk",
            .arguments = several_contents,
            .examples = verify_examples,
            .result = &verified,
            .event = &verifying,
            .together = "files"},
    Command{.name = "limit",
            .runs = on_peer,
            .summary = "show or set the rates, until a restart or reload",
            .options = limit_options,
            .examples = limit_examples,
            .result = &limits},
    Command{.name = "delay",
            .runs = on_peer,
            .summary = "answer requests for chunks late, to try the scheduler",
            .arguments = delay_arguments,
            .examples = delay_examples,
            .result = &delayed}};

} // namespace p2pd::proto::table
