using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A run that turns back before anything of it was done tells the service's history all the same.</summary>
public sealed class ToldCancelTests(HeldFixture host) : IClassFixture<HeldFixture>
{
    [Theory]
    [InlineData("change-plan", "modification_failed", "another plan")]
    [InlineData("change-network", "modification_failed", "place")]
    [InlineData("deprovision", "termination_failed", "the end of the service")]
    public async Task What_is_cancelled_before_it_began_is_told_once(string what, string type, string words)
    {
        var home = await host.ProvisionAsync();
        var at = DateTimeOffset.UtcNow.AddDays(7);
        var answer = what switch
        {
            "change-network" => await host.Admin.PostAsync(
                $"/api/v1/subscribers/{home.Id}/change-network",
                new { place = new { service_address = "Marina Road 7" }, at }
            ),
            "change-plan" => await host.Admin.PostAsync(
                $"/api/v1/subscribers/{home.Id}/change-plan",
                new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000), at }
            ),
            _ => await HeldAtTheStartAsync(
                "deprovision",
                "note_order",
                () => host.Admin.PostAsync($"/api/v1/provisioning/subscribers/{home.Id}/deprovision", new { })
            ),
        };
        var run = answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid();
        (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).ShouldHave(HttpStatusCode.OK);
        await host.EndedAsync(run, "compensated");
        var told = (await EventsAsync(home.ServiceId)).Where(e => e.GetProperty("run_id").GetGuid() == run).ToList();
        told.Select(e => e.GetProperty("type").GetString()).ShouldContain(type, await host.TimelineAsync(run));
        told = [.. told.Where(e => e.GetProperty("type").GetString() == type)];
        told.ShouldHaveSingleItem().GetProperty("error_code").GetString().ShouldBe("run.cancelled");
        told[0].GetProperty("message").GetString()!.ShouldStartWith("It was cancelled. ");
        told[0].GetProperty("message").GetString()!.ShouldContain(words);
        (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task Cancelled_in_the_queue_it_turns_back_beside_the_run_that_has_its_subject_also_step_by_step()
    {
        var home = await host.ProvisionAsync();
        var path = $"/api/v1/subscribers/{home.Id}/change-plan";
        await host.HoldAsync(home.Id, "note_order", "hold");
        var under = (await host.Admin.PostAsync(path, new { bandwidth_profile_id = await host.ProfileAsync(60_000, 10_000) }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        await host.MetAsync(home.Id, "note_order");
        var at = DateTimeOffset.UtcNow.AddDays(7);
        var later = (await host.Admin.PostAsync(path, new { bandwidth_profile_id = await host.ProfileAsync(70_000, 10_000), at }))
            .ShouldHave(HttpStatusCode.Accepted)["run_id"]
            .GetGuid();
        // As if a worker had been lost with it: what it does is then committed step by step.
        await host.Database.ExecuteAsync(
            """
            CREATE FUNCTION lose_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.claims := 1; RETURN NEW; END $$;
            CREATE TRIGGER lose_it BEFORE UPDATE ON saga_runs FOR EACH ROW WHEN (NEW.cancel_requested AND NOT OLD.cancel_requested)
                EXECUTE FUNCTION lose_it();
            """
        );
        try
        {
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{later}/cancel")).ShouldHave(HttpStatusCode.OK);
        }
        finally
        {
            await host.Database.ExecuteAsync("DROP TRIGGER lose_it ON saga_runs; DROP FUNCTION lose_it");
        }

        await host.EndedAsync(later, "compensated");
        (await host.Database.ScalarAsync<bool>("SELECT queued FROM saga_runs WHERE id = @later", new { later })).ShouldBeFalse();
        await host.LetGoAsync(home.Id, under);
        await host.EndedAsync(under, "completed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_whose_first_step_fails_or_is_never_done_has_failed_also_in_the_history_of_its_service(bool cancelled)
    {
        var answer = await HeldAtTheStartAsync(
            "provision",
            "verify_customer_and_plan",
            () => host.Admin.PostAsync("/api/v1/provisioning/subscribers", host.Order())
        );
        var (run, service) = (answer.ShouldHave(HttpStatusCode.Accepted)["run_id"].GetGuid(), answer["service_id"].GetGuid());
        var subscriber = answer["subscriber_id"].GetGuid();
        if (cancelled)
        {
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/cancel")).ShouldHave(HttpStatusCode.OK);
        }
        else
        {
            await host.HoldAsync(subscriber, "verify_customer_and_plan", "refuse");
        }

        await host.EndedAsync(run, "compensated");
        (await EventsAsync(service))
            .Select(e => e.GetProperty("type").GetString())
            .ShouldBe(["provision_requested", "provision_failed"], ignoreOrder: true);
        var told = (await EventsAsync(service)).Single(e => e.GetProperty("type").GetString() == "provision_failed");
        var (code, words) = cancelled ? ("run.cancelled", "It was cancelled.") : ("test.refused", "The test refuses it.");
        told.GetProperty("error_code").GetString().ShouldBe(code);
        told.GetProperty("message").GetString().ShouldBe($"{words} Everything that was done has been undone.");
        told.GetProperty("run_id").GetGuid().ShouldBe(run);
        told.GetProperty("data").GetProperty("code").GetString().ShouldBe(code);
        told.GetProperty("data").GetProperty("message").GetString().ShouldBe(words);
        told.GetProperty("data").GetProperty("run_id").GetGuid().ShouldBe(run);
        told.GetProperty("data").GetProperty("step").GetString().ShouldBe(cancelled ? null : "verify_customer_and_plan");
        (await host.Database.ScalarAsync<short>("SELECT status FROM service_instances WHERE id = @service", new { service })).ShouldBe(
            (short)3,
            "provisioning_failed"
        );
        if (!cancelled)
        {
            await host.LetGoAsync(subscriber, run);
            (await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/retry", new { })).ShouldHave(HttpStatusCode.OK);
            await host.EndedAsync(run, "completed");
            (await host.ServiceAsync(service)).GetProperty("status").GetString().ShouldBe("active");
        }
    }

    /// <summary>Orders something; the first step of its run is held from the moment on that the run is there.</summary>
    private async Task<ApiAnswer> HeldAtTheStartAsync(string definition, string step, Func<Task<ApiAnswer>> order)
    {
        await host.Database.ExecuteAsync(
            $"""
            CREATE FUNCTION hold_it() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO test_holds (subject, step, kind) VALUES (NEW.subject_id, '{step}', 'hold');
                RETURN NEW;
            END $$;
            CREATE TRIGGER hold_it AFTER INSERT ON saga_runs FOR EACH ROW WHEN (NEW.definition = '{definition}') EXECUTE FUNCTION hold_it();
            """
        );
        try
        {
            return await order();
        }
        finally
        {
            await host.Database.ExecuteAsync("DROP TRIGGER hold_it ON saga_runs; DROP FUNCTION hold_it");
        }
    }

    private async Task<IReadOnlyList<JsonElement>> EventsAsync(Guid service) =>
        [
            .. (await host.Admin.GetAsync($"/api/v1/services/{service}/events?limit=100"))
                .ShouldHave(HttpStatusCode.OK)["items"]
                .EnumerateArray(),
        ];
}
