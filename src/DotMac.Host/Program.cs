return await DotMac.Host.Commands.Cli.RunAsync(args);
